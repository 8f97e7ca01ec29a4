import type { MessageOf, QueueName } from "../queues/catalog";
import type { Blobs } from "./platform/blobs";
import type { Db } from "./platform/database";
import type { Disk } from "./platform/local-status";
import type { Logger } from "./platform/logger";
import type { Mailer } from "./platform/mailer";
import type { Outbound } from "./platform/outbound";
import type { RedisClient } from "./platform/redis";
import type { SocialProvider } from "./platform/social-providers";

/** Settings with their defaults filled in; README lists them. */
export type Config = {
  /** Address that people and SDKs use, without a trailing slash. */
  publicUrl: string;
  version: string;
  environment: string;
  retentionDays: number;
  /** Of a project; 0: no limit. Events beyond are stored on its overflow issue. */
  newIssuesPerHour: number;
  /** Of a project; 0: no limit. Events beyond keep the name, but it is no row. */
  newReleasesPerDay: number;
  newEnvironmentsPerDay: number;
  /** 0: kept for ever. */
  auditLogDays: number;
  requestBytesMax: number;
  inflatedBytesMax: number;
  /** Opens the door of the first user where it is not on this very machine. */
  setupToken: string | undefined;
  /** Signs sessions and encrypts second factors; without it nobody can sign in. */
  authSecret: string | undefined;
  isRegistrationOpen: boolean;
  isSocialRegistrationOpen: boolean;
  isOrganizationCreationOpen: boolean;
  isEmailVerificationRequired: boolean;
  socialProviders: SocialProvider[];
  /** What a call to the outside may take at a door of SDKs, whatever the work is. */
  doorDeadlineMs: number;
  /** 0: none. A message that waits longer makes the installation unhealthy. */
  healthQueueAgeSeconds: number;
  apiRequestsPerMinute: number;
  /** Items of each category a minute, where nobody set another limit; 0: none. */
  defaultKeyLimitPerMinute: number;
  defaultProjectLimitPerMinute: number;
  /** In lower case; says where a request comes from. */
  clientAddressHeader: string;
  /** For GET /metrics; without it the door is closed. */
  metricsToken: string | undefined;
  instanceName: string | null;
  /** Where the web UI reports its own errors. */
  frontendDsn: string | null;
  /** Whether mail is kept for the page /_dev/mail instead of being sent. */
  isMailbox: boolean;
};

/** The moment is that of the message that waits longest. */
export type QueueBacklog = { queue: string; messages: number; oldestAt: Date | undefined };

/** Everything outside the process. A function that takes this has effects. */
export type Deps = {
  db: Db;
  redis: RedisClient;
  blobs: Blobs;
  config: Config;
  /** What a single call to the outside may take, for the kind of work these are made for. */
  deadlineMs: number;
  mailer: Mailer;
  /** The way to addresses that users typed. */
  outbound: Outbound;
  log: Logger;
  now(): Date;
  /** What waits on the queues; empty where the platform does not count. */
  backlog(): Promise<QueueBacklog[]>;
  /** The disk of the machine; undefined at the edge. */
  disk(): Promise<Disk | undefined>;
  publish<Q extends QueueName>(queue: Q, messages: MessageOf<Q>[]): Promise<void>;
};
