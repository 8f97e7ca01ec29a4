import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { organization, useMay } from "../frame/session";
import { SettingsPage } from "../frame/settings-frame";
import { useOrg } from "../frame/use-org";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { Empty } from "../parts/empty";
import { ErrorBox } from "../parts/error-box";
import { SkeletonBlock } from "../parts/skeleton";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import { createRule, rules } from "./queries";
import { RuleForm } from "./rule-form";
import { NotYet, RuleList } from "./rule-list";

/** Who hears of what happens in a project. */
export function Page() {
  const org = useOrg();
  const { project = "" } = useParams({ strict: false }) as { project?: string };
  const list = useQuery(rules(org, project));
  const { data: house } = useQuery(organization(org));
  const mayAll = useMay(org, "project:write");
  const isMine = house?.projects.some(({ slug, isMember }) => slug === project && isMember);
  const mayWrite = mayAll || (isMine ?? false);
  const [isMaking, setMaking] = useState(false);
  const make = mayWrite && (
    <Button kind="primary" icon={Plus} onClick={() => setMaking(true)}>
      {t("New rule")}
    </Button>
  );
  return (
    <SettingsPage
      title={t("Alerts")}
      help={t("Who hears of it, when an issue of the project gets many events in a short time.")}
      actions={make}
    >
      <NotYet />
      {house && !mayWrite && (
        <p className="text-muted">
          {t("Members of the project's teams, and admins, can change these.")}
        </p>
      )}
      {list.data === undefined ? (
        list.isError ? (
          <ErrorBox error={list.error} retry={() => void list.refetch()} />
        ) : (
          <SkeletonBlock height={160} />
        )
      ) : list.data.length === 0 ? (
        <Empty>{t("No rule yet.")}</Empty>
      ) : (
        <RuleList org={org} project={project} rules={list.data} mayWrite={mayWrite} />
      )}
      {isMaking && (
        <Dialog title={t("New rule")} close={() => setMaking(false)}>
          <RuleForm
            close={() => setMaking(false)}
            save={async (rule) => {
              await createRule(org, project, rule);
              showToast({ text: t("The rule is kept") });
            }}
          />
        </Dialog>
      )}
    </SettingsPage>
  );
}
