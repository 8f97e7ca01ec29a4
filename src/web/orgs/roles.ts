import { t } from "../words";
import type { Role } from "./queries";

/** What the roles of an organization may do, from the least to the most. */
export const roles: { role: Role; name: string; words: string }[] = [
  {
    role: "member",
    name: t("Member"),
    words: t("sees issues, resolves and mutes them, joins teams"),
  },
  {
    role: "admin",
    name: t("Admin"),
    words: t("also changes projects, keys and alert rules of their teams"),
  },
  { role: "manager", name: t("Manager"), words: t("also manages members, teams and all projects") },
  { role: "owner", name: t("Owner"), words: t("also changes and deletes the organization") },
];

export const roleName = (role: Role): string =>
  roles.find((one) => one.role === role)?.name ?? role;
