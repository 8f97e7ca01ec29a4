import { relative } from "node:path";
import {
  BaseSequencer,
  type TestSequencer,
  type TestSpecification,
  type Vitest,
} from "vitest/node";

/**
 * What takes ten seconds and more, the longest first: begun late, such a file would run on one core while the others
 * have nothing left to do. Tests in a browser, which keep both cores busy, stand between those that wait. A first run
 * knows nothing but the sizes of files, and these are short.
 */
export const longFiles = [
  "test/web/issues/issue-page.test.ts",
  "test/e2e/copies.test.ts",
  "test/doors.test.ts",
  "test/web/profile/profile.test.ts",
  "test/e2e/crash.test.ts",
  "test/nasty.test.ts",
  "test/web/projects/setup.test.ts",
  "test/e2e/health.test.ts",
  "test/e2e/start.test.ts",
  "test/deleted.test.ts",
  "test/web/issues/issues-list-filters.test.ts",
  "test/web/orgs/settings.test.ts",
  "test/web/projects/settings.test.ts",
  "test/ingest/doors.test.ts",
  "test/e2e/hangs.test.ts",
  "test/web/issues/issues-list-page.test.ts",
  "test/authority.test.ts",
  "test/web/issues/people.test.ts",
  "test/platform/limiter.test.ts",
  "test/e2e/full-disk.test.ts",
  "test/web/auth/welcome.test.ts",
  "test/deploy-setup/deploy-setup.test.ts",
  "test/e2e/faults.test.ts",
  "test/web/frame/frame.test.ts",
  "test/ingest/refusals.test.ts",
  "test/e2e/sdks.test.ts",
  "test/patterns.test.ts",
  "test/web/issues/hostile-event.test.ts",
  "test/issues/bulk.test.ts",
  "test/issues/undo.test.ts",
  "test/archive/backup.test.ts",
  "test/issues/outbox.test.ts",
  "test/issues/status.test.ts",
  "test/web/issues/issue-in-list.test.ts",
  "test/scripts.test.ts",
  "test/local/bundle.test.ts",
  "test/management.test.ts",
  "test/permissions.test.ts",
  "test/postgres.test.ts",
  "test/web/admin/admin.test.ts",
  "test/digest/patience.test.ts",
  "test/e2e/orphans.test.ts",
  "test/web/auth/sign-in.test.ts",
  "test/local/assets.test.ts",
  "test/e2e/api-clients.test.ts",
  "test/web/outline.test.ts",
  "test/local/queue-durability.test.ts",
  "test/api-product.test.ts",
  "test/accounts/sign-in.test.ts",
  "test/accounts/allauth.test.ts",
  "test/issues/filter.test.ts",
  "test/events/scrub-planted.test.ts",
  "test/web/auth/services.test.ts",
  "test/web/auth/register.test.ts",
  "test/web/frame/serving.test.ts",
  "test/web/stats/stats.test.ts",
  "test/web/alerts/alerts-page.test.ts",
];

/** Vitest's own order behind the long files. It makes one with `new`. */
export const LongestFirst = function (context: Vitest): TestSequencer {
  const usual = new BaseSequencer(context);
  const rankOf = ({ moduleId }: TestSpecification) => {
    const rank = longFiles.indexOf(relative(context.config.root, moduleId));
    return rank < 0 ? longFiles.length : rank;
  };
  return {
    shard: (files) => usual.shard(files),
    sort: async (files) => (await usual.sort(files)).toSorted((a, b) => rankOf(a) - rankOf(b)),
  };
} as unknown as new (
  context: Vitest,
) => TestSequencer;
