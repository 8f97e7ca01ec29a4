import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useMay } from "../frame/session";
import { SettingsPage } from "../frame/settings-frame";
import { useOrg } from "../frame/use-org";
import { ErrorBox } from "../parts/error-box";
import { SkeletonBlock } from "../parts/skeleton";
import { t } from "../words";
import { type Project, project } from "./queries";

type Shown = { org: string; project: Project; mayWrite: boolean };

/** A page of settings of the project in the address, once that is there. */
export function ProjectSettings({
  title,
  help,
  wide,
  isForTeams,
  children,
}: {
  title: string;
  help: string;
  wide?: boolean;
  /** Members of the project's teams may change these too. */
  isForTeams?: boolean;
  children: (shown: Shown) => ReactNode;
}) {
  const org = useOrg();
  const { project: slug = "" } = useParams({ strict: false }) as { project?: string };
  const found = useQuery(project(org, slug));
  const mayAll = useMay(org, "project:write");
  const mayWrite = mayAll === false ? isForTeams === true && found.data?.isMember === true : mayAll;
  return (
    <SettingsPage title={title} help={help} wide={wide ?? false}>
      {found.data ? (
        <>
          {mayWrite === false && (
            <p className="text-muted">
              {isForTeams
                ? t("Members of the project's teams, and admins, can change these.")
                : t("Only people with the role admin or above can change these.")}
            </p>
          )}
          {children({ org, project: found.data, mayWrite: mayWrite ?? false })}
        </>
      ) : found.isError ? (
        <ErrorBox error={found.error} retry={() => void found.refetch()} />
      ) : (
        <SkeletonBlock height={280} />
      )}
    </SettingsPage>
  );
}
