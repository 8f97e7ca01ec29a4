import { t } from "../words";
import { HomeButton } from "./frame";
import { Page } from "./page";

/** No page has this address. */
export function NotFoundPage() {
  return (
    <Page title={t("Page not found")} narrow>
      <p>
        {t(
          "There is no page at this address. It may have been moved, or the address is not complete.",
        )}
      </p>
      <div>
        <HomeButton />
      </div>
    </Page>
  );
}
