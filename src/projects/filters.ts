import type { Actor } from "../access/caller";
import type { Deps } from "../deps";
import { Fault, notFound } from "../fault";
import { filterIds } from "../protocol/inbound-filters";
import { editProject } from "./edit";
import type { ProjectRow } from "./queries";
import type { InboundFilterUpdate } from "./schemas";

/** Sentry's clients say it in both ways. */
const otherSpellings = new Map([["legacy-browser", "legacy-browsers"]]);

/** Switches one inbound filter of a project. Faults: not_found, unprocessable. */
export async function changeFilter(
  deps: Deps,
  actor: Actor,
  row: ProjectRow,
  name: string,
  { active, subfilters }: InboundFilterUpdate,
): Promise<void> {
  const id = filterIds.find((each) => each === (otherSpellings.get(name) ?? name));
  if (!id) throw notFound();
  if (subfilters && id !== "legacy-browsers") {
    throw new Fault("unprocessable", `subfilters: ${id} has none`, { field: "subfilters" });
  }
  const value = subfilters ? [...new Set(subfilters)] : active;
  await editProject(deps, actor, row, {
    changes: {},
    settings: {},
    filters: { [id]: value },
    groupingVersion: undefined,
  });
}
