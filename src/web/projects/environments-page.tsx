import { useQuery } from "@tanstack/react-query";
import { Eye, EyeOff } from "lucide-react";
import { ApiFault } from "../api/fault";
import { useOrg } from "../frame/use-org";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { Card } from "../parts/card";
import { Empty } from "../parts/empty";
import { ErrorBox } from "../parts/error-box";
import { SkeletonRows } from "../parts/skeleton";
import { Table } from "../parts/table";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import { ProjectSettings } from "./project-settings";
import { hideEnvironment, type Project, projectEnvironments } from "./queries";

/** Which of the environments that events name stand in filters. */
export function Page() {
  return (
    <ProjectSettings
      isForTeams
      title={t("Environments")}
      help={t("Events name them. Hidden ones are left out of filters; their events stay.")}
    >
      {({ project, mayWrite }) => (
        <Environments key={project.id} project={project} mayWrite={mayWrite} />
      )}
    </ProjectSettings>
  );
}

function Environments({ project, mayWrite }: { project: Project; mayWrite: boolean }) {
  const org = useOrg();
  const { slug } = project;
  const list = useQuery(projectEnvironments(org, slug));
  const change = async (name: string, isHidden: boolean, isUndo = false) => {
    try {
      await hideEnvironment(org, slug, name, isHidden);
      if (isUndo) return;
      const shown = name || t("(none)");
      showToast({
        text: isHidden
          ? t("{name} is hidden", { name: shown })
          : t("{name} is shown", { name: shown }),
        undo: () => void change(name, !isHidden, true),
      });
    } catch (error) {
      const detail = error instanceof ApiFault ? error.detail : t("It could not be saved.");
      showToast({ text: detail, isError: true });
    }
  };
  if (list.isError && !list.data)
    return <ErrorBox error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <SkeletonRows rows={4} height="var(--row-small)" />;
  return (
    <Card
      title={t("Environments")}
      help={t("An event names its own by the option environment of the SDK.")}
    >
      {list.data.length === 0 ? (
        <Empty>{t("No event has named an environment yet.")}</Empty>
      ) : (
        <div className="-m-4">
          <Table
            label={t("Environments")}
            rows={list.data}
            keyOf={({ name }) => name}
            columns={[
              {
                label: t("Name"),
                cell: ({ name, isHidden }) => (
                  <span className="flex min-w-0 flex-wrap items-center gap-2">
                    {name || t("(none)")}
                    {isHidden && <Badge>{t("hidden")}</Badge>}
                  </span>
                ),
              },
              {
                label: t("In filters"),
                align: "end",
                cell: ({ name, isHidden }) => (
                  <Button
                    kind="quiet"
                    disabled={!mayWrite}
                    icon={isHidden ? Eye : EyeOff}
                    aria-label={
                      isHidden
                        ? t("Show {name}", { name: name || t("(none)") })
                        : t("Hide {name}", { name: name || t("(none)") })
                    }
                    onClick={() => void change(name, !isHidden)}
                  >
                    {isHidden ? t("Show") : t("Hide")}
                  </Button>
                ),
              },
            ]}
          />
        </div>
      )}
    </Card>
  );
}
