/** What a token may do, by the thing it does it to; with a line of help each. */
export const scopeGroups = [
  {
    label: "Issues and events",
    scopes: [
      { scope: "event:read", help: "Read issues and events" },
      { scope: "event:write", help: "Resolve, mute and change issues" },
      { scope: "event:admin", help: "Delete issues too" },
    ],
  },
  {
    label: "Projects",
    scopes: [
      { scope: "project:read", help: "Read projects, keys and their settings" },
      { scope: "project:write", help: "Change projects, keys and alerts" },
      { scope: "project:admin", help: "Create and delete projects" },
      { scope: "project:releases", help: "Make releases, upload source maps and debug files" },
    ],
  },
  {
    label: "Teams",
    scopes: [
      { scope: "team:read", help: "Read teams" },
      { scope: "team:write", help: "Change teams" },
      { scope: "team:admin", help: "Create and delete teams" },
    ],
  },
  {
    label: "Members",
    scopes: [
      { scope: "member:read", help: "Read members" },
      { scope: "member:write", help: "Invite members and change roles" },
      { scope: "member:admin", help: "Remove members" },
    ],
  },
  {
    label: "Organization",
    scopes: [
      { scope: "org:read", help: "Read the organization and its stats" },
      { scope: "org:write", help: "Change settings of the organization" },
      { scope: "org:admin", help: "Delete the organization" },
    ],
  },
] as const;

export type Scope = (typeof scopeGroups)[number]["scopes"][number]["scope"];

export const allScopes: Scope[] = scopeGroups.flatMap(({ scopes }) =>
  scopes.map(({ scope }) => scope),
);

/** What most tokens are made for. */
export const presets: { id: string; label: string; help: string; scopes: Scope[] }[] = [
  {
    id: "ci",
    label: "Releases and source maps",
    help: "For sentry-cli and build plugins in CI.",
    scopes: ["project:read", "project:releases", "org:read"],
  },
  {
    id: "read",
    label: "Read everything",
    help: "For dashboards and reports; it changes nothing.",
    scopes: allScopes.filter((scope) => scope.endsWith(":read")),
  },
  {
    id: "triage",
    label: "Triage",
    help: "For assistants and scripts that read and resolve issues.",
    scopes: ["event:read", "event:write", "project:read", "team:read", "org:read"],
  },
  {
    id: "all",
    label: "Everything",
    help: "For Terraform and scripts that manage organizations. Keep it safe.",
    scopes: allScopes,
  },
];

/** The preset that is exactly these scopes. */
export function presetOf(chosen: ReadonlySet<Scope>): string | undefined {
  return presets.find(
    ({ scopes }) => scopes.length === chosen.size && scopes.every((scope) => chosen.has(scope)),
  )?.id;
}
