import "./platform/seal";

import type { QueueName } from "../queues/catalog";
import { type Consumer, consume } from "../queues/consume";
import { keepUndeliverable } from "../queues/dead-letters";
import { envelopes } from "../queues/envelopes";
import { issueChanges } from "../queues/issue-changes";
import { outcomes } from "../queues/outcomes";
import { runSchedule } from "../queues/schedule";
import type { Bindings } from "./env";
import { depsOf } from "./host";
import { dispatch } from "./http/dispatch";
import { ingestApp } from "./http/ingest-app";
import { answerNothing, ingestRoutes } from "./ingest/routes";

/** Every queue that is consumed, except the platform's own dead letters. */
const consumers = [envelopes, outcomes, issueChanges] as const;

const answer = dispatch({
  ingest: ingestApp({
    depsOf: (env) => depsOf(env, "ingest"),
    routes: ingestRoutes,
    notFound: answerNothing,
  }),
  api: async () => (await import("./api")).api,
});

export default {
  fetch: answer,

  async queue(batch, env) {
    const deps = depsOf(env, "background");
    if (batch.queue === "dead-letters") return keepUndeliverable(deps, batch.messages);
    const found = consumers.find(({ queue }) => queue === batch.queue);
    if (!found) throw new Error(`nobody consumes the queue ${batch.queue}`);
    await consume(deps, found as unknown as Consumer<QueueName>, batch.messages);
  },

  async scheduled(event, env) {
    await runSchedule(depsOf(env, "background"), event.cron);
  },
} satisfies ExportedHandler<Bindings>;
