import { eventItem } from "../issues/event-item";
import { securityItem } from "../issues/security-item";
import type { ItemType } from "../item-type";
import { clientReportItem } from "../stats/client-report-item";

/** Item type → the feature that knows what becomes of it. Known types without a row are counted as not supported. */
export const itemTypes: Readonly<Record<string, ItemType>> = {
  event: eventItem,
  raw_security: securityItem,
  client_report: clientReportItem,
};
