import { useState } from "react";
import { mount } from "../mount";
import { attempt } from "../parts/attempt";
import { Button } from "../parts/button";
import { Copy } from "../parts/copy";
import { Dialog } from "../parts/dialog";
import { t } from "../words";
import { type Issue, setPublic } from "./issue-queries";

/** Who may see an issue: members by its link, and anybody by a public one, which can be ended. */
export function ShareDialog({
  org,
  issue,
  close,
}: {
  org: string;
  issue: Issue;
  close: () => void;
}) {
  const [isBusy, setBusy] = useState(false);
  const set = async (isPublic: boolean) => {
    setBusy(true);
    await attempt(
      () => setPublic(org, issue.id, isPublic),
      isPublic ? t("The public link works") : t("The public link works no more"),
    );
    setBusy(false);
  };
  const address = `${location.origin}${mount}/shared/issues/${issue.shareId ?? ""}`;
  return (
    <Dialog title={t("Share {id}", { id: issue.shortId })} close={close}>
      <section className="grid gap-2" aria-label={t("For members")}>
        <h3>{t("For members")}</h3>
        <Link address={issue.permalink} />
      </section>
      <section className="grid gap-2 border-t border-line pt-4" aria-label={t("For anybody")}>
        <h3>{t("For anybody")}</h3>
        <p className="text-muted">
          {t(
            "A public link shows what the issue is called, how often it was, and the stack of its newest event. Nothing of people, requests, tags, variables or source code.",
          )}
        </p>
        {issue.shareId === null ? (
          <div>
            <Button busy={isBusy} onClick={() => void set(true)}>
              {t("Make a public link")}
            </Button>
          </div>
        ) : (
          <>
            <Link address={address} />
            <div>
              <Button kind="danger" busy={isBusy} onClick={() => void set(false)}>
                {t("End the public link")}
              </Button>
            </div>
          </>
        )}
      </section>
    </Dialog>
  );
}

const Link = ({ address }: { address: string }) => (
  <p className="flex min-w-0 items-center gap-2">
    <code className="min-w-0 truncate rounded-sm bg-sunken px-2 py-1">{address}</code>
    <Copy text={address} label={t("Link")} iconOnly small />
  </p>
);
