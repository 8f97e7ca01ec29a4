import { Share2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useCommands } from "../commands";
import { Button } from "../parts/button";
import { t } from "../words";
import type { Issue } from "./issue-queries";

const ShareDialog = lazy(async () => ({ default: (await import("./share-dialog")).ShareDialog }));

/** The way to show an issue to somebody else. */
export function IssueShare({ org, issue }: { org: string; issue: Issue }) {
  const [isOpen, setOpen] = useState(false);
  const open = () => setOpen(true);
  useCommands([
    { id: "issue.share", title: t("Share"), group: t("This issue"), icon: Share2, run: open },
  ]);
  return (
    <>
      <Button
        kind="quiet"
        icon={Share2}
        iconOnly
        className={issue.shareId ? "text-accent!" : ""}
        onClick={open}
      >
        {issue.shareId ? t("Shared with anybody") : t("Share")}
      </Button>
      {isOpen && (
        <Suspense>
          <ShareDialog org={org} issue={issue} close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
