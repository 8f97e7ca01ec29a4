import type { MessageOf, QueueName } from "../queues/catalog";
import type { Blobs } from "./platform/blobs";
import type { Db } from "./platform/database";
import type { Logger } from "./platform/logger";
import type { RedisClient } from "./platform/redis";

/** Settings with their defaults filled in; README lists them. */
export type Config = {
  /** Address that people and SDKs use, without a trailing slash. */
  publicUrl: string;
  version: string;
  environment: string;
  retentionDays: number;
  requestBytesMax: number;
  inflatedBytesMax: number;
  isRegistrationOpen: boolean;
  isOrganizationCreationOpen: boolean;
};

/** Everything outside the process. A function that takes this has effects. */
export type Deps = {
  db: Db;
  redis: RedisClient;
  blobs: Blobs;
  config: Config;
  log: Logger;
  now(): Date;
  publish<Q extends QueueName>(queue: Q, messages: MessageOf<Q>[]): Promise<void>;
};

/** Keeps the isolate alive for work after the answer. */
export type WaitUntil = (work: Promise<unknown>) => void;
