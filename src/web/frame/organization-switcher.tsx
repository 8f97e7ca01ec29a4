import { useQuery } from "@tanstack/react-query";
import { ChevronsUpDown, Plus } from "lucide-react";
import { useState } from "react";
import { Avatar } from "../parts/avatar";
import { Menu } from "../parts/menu";
import { t } from "../words";
import { installation, organization, organizations, useMe } from "./session";

/** Which organization this is, and the way to the others. */
export function OrganizationSwitcher({
  org,
  isNarrow,
}: {
  org: string | undefined;
  isNarrow: boolean;
}) {
  const [isOpened, setOpened] = useState(false);
  const { data: known } = useQuery({ ...organization(org ?? ""), enabled: org !== undefined });
  const { data: all = [], isSuccess } = useQuery({ ...organizations, enabled: isOpened });
  const { data: settings } = useQuery({ ...installation, enabled: isOpened });
  const person = useMe();
  const name = known?.name ?? org ?? t("Organizations");
  const mayCreate =
    settings?.enableOrganizationCreation || person?.isSuperuser || (isSuccess && all.length === 0);
  return (
    <Menu
      label={t("Organization: {name}", { name })}
      onOpen={() => setOpened(true)}
      className="mb-2 flex min-h-10 w-full items-center gap-2 rounded-sm px-1 hover:bg-hover"
      button={
        <>
          <Avatar name={name} silent />
          {!isNarrow && (
            <>
              <span className="min-w-0 flex-1 truncate text-start font-medium">{name}</span>
              <ChevronsUpDown size={14} className="shrink-0 text-muted" aria-hidden />
            </>
          )}
        </>
      }
      items={[
        ...all.map(({ slug, name: label }) => ({ label, to: `/${slug}/issues` })),
        ...(mayCreate
          ? [
              "line" as const,
              { label: t("New organization"), to: "/organizations/new", icon: Plus },
            ]
          : []),
      ]}
    />
  );
}
