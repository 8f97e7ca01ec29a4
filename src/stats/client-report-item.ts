import type { ItemType } from "../item-type";
import { parseClientReport } from "../protocol/client-report";

/** What an SDK dropped by itself is counted beside what we did not store. */
export const clientReportItem: ItemType = {
  prepare(item, _, { count, readJson }) {
    const json = readJson(item);
    if (typeof json === "string") return json;
    for (const { category, reason, quantity, outcome } of parseClientReport(json.payload)) {
      count(outcome, reason, category, quantity);
    }
    return [];
  },
};
