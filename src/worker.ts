import "./platform/seal";

import type { QueueName } from "../queues/catalog";
import { type Consumer, consume } from "../queues/consume";
import { keepUndeliverable } from "../queues/dead-letters";
import { envelopes } from "../queues/envelopes";
import { issueChanges } from "../queues/issue-changes";
import { outcomes } from "../queues/outcomes";
import { runSchedule } from "../queues/schedule";
import { answer } from "./api";
import type { Bindings } from "./env";
import { depsOf } from "./host";

/** Every queue that is consumed, except the platform's own dead letters. */
const consumers = [envelopes, outcomes, issueChanges] as const;

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
