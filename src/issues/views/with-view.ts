import type { CallerOrg } from "../../access/reach";
import type { Deps } from "../../deps";
import { idIn } from "../../protocol/row-id";
import { readView } from "./views";

type Asked = {
  viewId?: string | undefined;
  query?: string | undefined;
  sort?: string | undefined;
  project: number[];
  environment: string[];
  start?: string | undefined;
  end?: string | undefined;
  statsPeriod?: string | undefined;
};

/** What a request leaves open is as in the view that it names, unless it has a query of its own. Faults: not_found. */
export async function withView<A extends Asked>(deps: Deps, org: CallerOrg, asked: A): Promise<A> {
  if (asked.viewId === undefined || asked.query !== undefined) return asked;
  const view = await readView(deps, org, idIn(asked.viewId) ?? 0);
  const { period, start, end } = view.timeFilters;
  const isTimed = asked.start ?? asked.end ?? asked.statsPeriod;
  return {
    ...asked,
    query: view.query,
    sort: asked.sort ?? view.sort,
    ...(asked.project.length === 0 && { project: view.projectIds }),
    ...(asked.environment.length === 0 && { environment: view.environments }),
    ...(isTimed === undefined && { start, end, statsPeriod: period }),
  };
}
