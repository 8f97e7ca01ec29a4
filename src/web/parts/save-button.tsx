import { t } from "../words";
import { Button } from "./button";

/** Ends a form of settings, which who may not change them sees as well. */
export const SaveButton = ({ busy, mayWrite }: { busy: boolean; mayWrite: boolean }) => (
  <div>
    <Button type="submit" kind="primary" busy={busy} disabled={!mayWrite}>
      {t("Save")}
    </Button>
  </div>
);
