import { useState } from "react";
import { Button } from "../parts/button";
import { Card } from "../parts/card";
import { ConfirmDialog } from "../parts/dialog";
import { Time } from "../parts/time";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import { changeProject, type Project } from "./queries";

type Props = { org: string; project: Project; mayWrite: boolean };

/** Which version of grouping decides, and the way to the newest one, which nobody goes back. */
export function GroupingCard({ org, project, mayWrite }: Props) {
  const [isAsking, setAsking] = useState(false);
  const { groupingConfig, groupingSwitchedAt } = project;
  return (
    <Card title={t("Grouping")} help={t("What makes two events one issue.")}>
      <div className="grid justify-items-start gap-3">
        {groupingConfig === "g2" ? (
          <p>
            {t("Version g2, the newest.")}{" "}
            {groupingSwitchedAt && (
              <>
                {t("Changed from g1")} <Time at={groupingSwitchedAt} />
                {". "}
                {t("Issues from before go on by what g1 found; all that is new is grouped by g2.")}
              </>
            )}
          </p>
        ) : (
          <>
            <p>
              {t(
                "Version g1. Version g2 leaves out what builds and runtimes make up, such as hashes in file names and numbers in generated classes, and tells bugs apart by codes that carry a meaning: fewer issues for one bug, and no two bugs in one.",
              )}
            </p>
            <Button onClick={() => setAsking(true)} disabled={!mayWrite}>
              {t("Change to g2")}
            </Button>
          </>
        )}
      </div>
      {isAsking && (
        <ConfirmDialog
          title={t("Change to g2?")}
          action={t("Change to g2")}
          close={() => setAsking(false)}
          run={async () => {
            await changeProject(org, project.slug, { groupingConfig: "g2" });
            showToast({ text: t("New events are grouped by g2") });
          }}
        >
          <p>
            {t(
              "All issues keep their events, numbers and addresses, and none is split or merged. A new event goes to the issue that g1 finds for it; where it finds none, g2 decides. There is no way back to g1.",
            )}
          </p>
        </ConfirmDialog>
      )}
    </Card>
  );
}
