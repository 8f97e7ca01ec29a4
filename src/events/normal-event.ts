import type { Json, JsonObject } from "../protocol/json";
import type { Level } from "../protocol/level";
import type { SecurityReport } from "../protocol/security-report";
import type { Breadcrumb } from "./breadcrumbs";
import type { Contexts } from "./contexts";
import type { Exception, Thread } from "./exceptions";
import type { Modules } from "./extras";
import type { Frame } from "./frames";
import type { LogEntry } from "./message";
import type { Sdk } from "./origin";
import type { HttpRequest } from "./request";
import type { User } from "./user";

export type Tag = [key: string, value: string];

/** An event after repair: every field has one form, nothing is larger than its limit. */
export type NormalEvent = {
  event_id: string;
  /** Seconds since 1970, corrected for the drift of the client's clock. */
  timestamp: number;
  received: number;
  level: Level;
  platform: string;
  logger?: string;
  transaction?: string;
  server_name?: string;
  release?: string;
  dist?: string;
  environment?: string;
  logentry?: LogEntry;
  exception?: { values: Exception[] };
  threads?: { values: Thread[] };
  breadcrumbs?: { values: Breadcrumb[] };
  request?: HttpRequest;
  user?: User;
  contexts: Contexts;
  sdk?: Sdk;
  extra?: JsonObject;
  modules?: Modules;
  fingerprint?: string[];
  /** The project's fingerprint rule that decides in the place of that: as it is written, and its values. */
  grouping_rule?: { text: string; values: string[] };
  template?: Frame;
  debug_meta?: { images: Json[] };
  csp?: JsonObject;
  report_kind?: SecurityReport["kind"];
  tags: Tag[];
};
