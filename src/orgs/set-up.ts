import { type FirstUserRequest, firstUserStatements, somebodyExists } from "../accounts/first-user";
import type { Deps } from "../deps";
import { commit, sqlStateOf, takeTurns } from "../platform/database";
import { createProject } from "../projects/edit";
import { findAttachableTeam } from "../projects/find";
import { slugifyOrganization } from "../protocol/slug";
import { insertOrganization } from "./queries";
import type { SetUp } from "./schemas";
import { createTeam } from "./teams";

const firstTeam = "core";
/** SQLSTATE of a column that must have a value: the statement of the first user found somebody. */
const noValue = "23502";

/**
 * The first user with an organization, in one transaction: of two at once one finds the other and changes nothing. The
 * team and the project that may be wanted follow, like any others; what fails of them is made by hand later. Answers
 * with slugs. Faults: conflict, forbidden, invalid, limited, unavailable.
 */
export async function setUp(
  deps: Deps,
  request: Omit<FirstUserRequest, "setupToken">,
  { organization, project, setupToken, ...user }: SetUp,
): Promise<{ organization: string; team: string; project: string | null }> {
  const actor = { userId: null, name: user.email, ip: request.ip ?? null };
  const first = await firstUserStatements(deps, { ...request, setupToken }, user);
  const slug = slugifyOrganization(organization);
  const statements = [
    ...first,
    takeTurns(deps.db, "slugs of organizations"),
    insertOrganization(deps.db, organization, slug, { email: user.email }, actor),
  ];
  const results = await commit(deps.db, statements).catch((error: unknown) => {
    throw sqlStateOf(error) === noValue ? somebodyExists() : error;
  });
  const { rows } = results.at(-1) as Awaited<ReturnType<typeof insertOrganization>>;
  const [made] = rows;
  if (!made) throw new Error("the first organization was not made");
  deps.log("info", "the first user was made", { orgId: Number(made.id) });
  const org = { id: Number(made.id), memberId: Number(made.memberId) };
  const team = await createTeam(deps, org, actor, { slug: firstTeam });
  const answer = { organization: made.slug, team, project: null };
  if (!project) return answer;
  const attached = await findAttachableTeam(deps, org.id, team);
  const { name, platform = null } = project;
  const wanted = { name, slug: undefined, platform, throttleRate: 0 };
  return { ...answer, project: await createProject(deps, org.id, actor, attached, wanted) };
}
