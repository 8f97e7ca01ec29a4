/** A fault that somebody could write, and the tests that must notice. */
export type Mutation = {
  what: string;
  file: string;
  /** Occurs once in the file. */
  find: string;
  replace: string;
  /** The narrowest file of tests, and the words of a test in it. */
  tests: string;
  only: string;
};

/** Faults that the suite once let pass. */
export const mutations: Mutation[] = [
  {
    what: "the status of an issue is set without its organization",
    file: "src/issues/queries.ts",
    find: `and \${anyOf(issues.orgId, orgIds)}
         and \${issues.projectId} in (
           select \${projects.id} from \${projects} where \${anyOf(projects.orgId, orgIds)} and \${projects.deletedAt} is null)`,
    replace: `and \${issues.projectId} in (
           select \${projects.id} from \${projects} where \${projects.deletedAt} is null and \${orgIds.length} > 0)`,
    tests: "test/issues/store.test.ts",
    only: "a status is set on issues of the caller's organizations only",
  },
  {
    what: "issues go 80 days before the retention ends instead of 8 days after",
    file: "queues/schedule.ts",
    find: "deps.config.retentionDays + 8)",
    replace: "deps.config.retentionDays - 80)",
    tests: "test/digest/retention.test.ts",
    only: "outlive the last partition",
  },
  {
    what: "payloads go with the retention, before the partition of their rows",
    file: "src/stats/retention.ts",
    find: "dayBefore(deps.config.retentionDays + 8)",
    replace: "dayBefore(deps.config.retentionDays)",
    tests: "test/digest/retention.test.ts",
    only: "outlive the last partition",
  },
  {
    what: "the parked body of a message goes before the message is stored",
    file: "queues/envelopes.ts",
    find: "    await digest(\n",
    replace: "    await deps.blobs.delete(parked.map(({ blob }) => blob));\n    await digest(\n",
    tests: "test/digest/patience.test.ts",
    only: "the parked body of a message that fails",
  },
  {
    what: "counts of refusals are dropped when the queue is away",
    file: "src/ingest/outcomes.ts",
    find: "    for (const [key, quantity] of taken) add(deps, key, quantity);\n",
    replace: "    taken.length = 0;\n",
    tests: "test/ingest/outcomes.test.ts",
    only: "counts that could not be sent",
  },
  {
    what: "the stack before source maps is not scrubbed",
    file: "src/events/scrub.ts",
    find: "raw_stacktrace: stackShape,",
    replace: "raw_stacktrace: keep,",
    tests: "test/events/scrub.test.ts",
    only: "a stack before source maps",
  },
  {
    what: "the same event is looked for within a minute instead of eight days",
    file: "src/issues/store.ts",
    find: "const duplicateWindowMs = 8 * dayMs;",
    replace: "const duplicateWindowMs = 60_000;",
    tests: "test/digest/redelivery.test.ts",
    only: "the same event in two requests",
  },
  {
    what: "the primary hash is not preferred",
    file: "src/issues/store-queries.ts",
    find: "order by g, (ord = 1) desc, issue_id desc",
    replace: "order by g, issue_id desc",
    tests: "test/issues/store.test.ts",
    only: "an event goes to the issue of its primary hash",
  },
  {
    what: "an issue counts ten thousand keys of tags",
    file: "src/issues/tag-queries.ts",
    find: "export const tagKeysMax = 100;",
    replace: "export const tagKeysMax = 10_000;",
    tests: "test/digest/cardinality.test.ts",
    only: "a new issue of one batch alone",
  },
  {
    what: "a tag counts ten thousand values",
    file: "src/issues/tag-queries.ts",
    find: "export const tagValuesMax = 100;",
    replace: "export const tagValuesMax = 10_000;",
    tests: "test/digest/cardinality.test.ts",
    only: "an issue counts a hundred keys of tags a week",
  },
  {
    what: "a message that failed comes again at once",
    file: "queues/consume.ts",
    find: "message.retry({ delaySeconds });",
    replace: "message.retry({ delaySeconds: 0 * delaySeconds });",
    tests: "test/queues/consume.test.ts",
    only: "after delivery",
  },
  {
    what: "an outage is looked for by halving",
    file: "queues/consume.ts",
    find: "  isOutage(error) ||\n  isBusy(error) ||",
    replace: "  isBusy(error) ||",
    tests: "test/queues/consume.test.ts",
    only: "an outage is not looked for by halving",
  },
  {
    what: "keys stay in Redis for ever",
    file: "src/platform/share.ts",
    find: ", { ex: seconds }",
    replace: "",
    tests: "test/ingest/key.test.ts",
    only: "what Redis knows of a key",
  },
  {
    what: "counts of limits stay in Redis for ever",
    file: "src/platform/limiter.ts",
    find: "pipeline.pexpire(name, windowSeconds * 2000);",
    replace: "pipeline.exists(name);",
    tests: "test/platform/limiter-expiry.test.ts",
    only: "two windows later",
  },
  {
    what: "a change that a reader gave up is tried for ever",
    file: "src/issues/outbox-queries.ts",
    find: "        isNull(issueChangeFailures.parkedAt),\n",
    replace: "",
    tests: "test/issues/outbox.test.ts",
    only: "that one is parked after its tries",
  },
  {
    what: "what one reader fails to take is kept from the others",
    file: "src/issues/outbox.ts",
    find: "return some.map(({ id }) => ({ id, error }));",
    replace: "throw error;",
    tests: "test/issues/outbox.test.ts",
    only: "keeps nobody else waiting",
  },
  {
    what: "an isolate remembers every key it ever saw",
    file: "src/ingest/key.ts",
    find: "boundedMemory<string, Remembered>(rememberedMax)",
    replace: "new Map<string, Remembered>()",
    tests: "test/ingest/key.test.ts",
    only: "and no more: older ones are asked for again",
  },
  {
    what: "an isolate remembers every key that somebody invented",
    file: "src/ingest/key.ts",
    find: "boundedMemory<string, number>(missingMax)",
    replace: "new Map<string, number>()",
    tests: "test/ingest/key.test.ts",
    only: "and no more: older ones are asked for again",
  },
  {
    what: "issues of deleted projects are listed",
    file: "src/issues/filter.ts",
    find: "...(any(org.goneProjectIds)",
    replace: "...(any(org.goneProjectIds.slice(1e9))",
    tests: "test/slugs.test.ts",
    only: "issues of a deleted project",
  },
  {
    what: "every stranger who asks for health has all parts asked",
    file: "src/admin/health.ts",
    find: "    if (last && began - last.at < keptMs) return last.health;\n",
    replace: "",
    tests: "test/admin/health.test.ts",
    only: "cost one look in five seconds",
  },
  {
    what: "a look at health that nobody waits for any longer counts for ever",
    file: "src/admin/health.ts",
    find: "    looks = looks.filter((since) => began - since < lookMsMax);\n",
    replace: "",
    tests: "test/admin/health.test.ts",
    only: "do not keep others from asking",
  },
  {
    what: "setting up the edge overwrites secrets",
    file: "scripts/deploy-setup/steps.ts",
    find: 'if ((await readNames())?.includes("AUTH_SECRET")) return { words: "left as it is" };\n',
    replace: "await readNames();\n",
    tests: "test/deploy-setup/deploy-setup.test.ts",
    only: "overwrites no secret that is there",
  },
  {
    what: "setting up the edge goes on after a failure",
    file: "scripts/deploy-setup/deploy-setup.ts",
    find: '      return "failed";\n    }\n  }\n  return "complete";',
    replace: '    }\n  }\n  return "complete";',
    tests: "test/deploy-setup/deploy-setup.test.ts",
    only: "leaves what was made",
  },
];
