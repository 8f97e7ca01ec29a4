import { useNavigate } from "@tanstack/react-router";
import { removeIssues } from "../api/remove";
import { ConfirmDialog } from "../parts/dialog";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import type { Issue } from "./issue-queries";

/** Asks before an issue goes for good, and leads on to the list. */
export function DeleteDialog({
  org,
  issue,
  close,
}: {
  org: string;
  issue: Issue;
  close: () => void;
}) {
  const navigate = useNavigate();
  return (
    <ConfirmDialog
      title={t("Delete {id}?", { id: issue.shortId })}
      action={t("Delete")}
      close={close}
      run={async () => {
        await removeIssues(org, { ids: [issue.id] });
        showToast({ text: t("{id} deleted", { id: issue.shortId }) });
        void navigate({ to: `/${org}/issues`, replace: true });
      }}
    >
      {t("The issue goes with all its events. If it happens again, it is a new issue.")}
    </ConfirmDialog>
  );
}
