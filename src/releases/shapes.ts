import { idFor, type Speaking } from "../access/speaking";
import type { EnvironmentRow } from "./environment-queries";

/** Environments as the caller's dialect says them. */
export function speakOfEnvironments(speaking: Pick<Speaking, "caller">) {
  const id = (row: EnvironmentRow) => idFor(speaking, Number(row.id));
  return {
    environment: (row: EnvironmentRow) => ({ id: id(row), name: row.name }),
    projectEnvironment: (row: EnvironmentRow) => ({ ...row, id: id(row) }),
  };
}
