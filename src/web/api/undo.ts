import type { InfiniteData } from "@tanstack/react-query";
import { api, ok, type Page, type Schema } from "./client";
import { noteFollowing } from "./following";
import { forgetLastChange, keepLastChange, type LastChange } from "./last-change";
import { queryClient } from "./query-client";

/** An issue as a list has it; what is always null is not spoken of. */
export type ListedIssue = Omit<Schema<"Issue">, "shareId" | "subscriptionDetails" | "stats"> & {
  /** Events per hour: [unix seconds, number]. */
  stats: { "24h": number[][] };
};
type Issue = ListedIssue;
export type Status = Issue["status"];
/** A status with what ends it. */
export type StatusChange = { status: Status } & Pick<
  Schema<"IssueUpdate">,
  "statusDetails" | "substatus"
>;
/** A release may not be there, or issues may be of several projects. */
export const mayBeRefused = ({ statusDetails }: StatusChange): boolean =>
  Boolean(statusDetails && Object.keys(statusDetails).length > 0);

/** What pages show of a status. */
type Stated = Pick<Issue, "status" | "statusDetails" | "substatus">;

/** Which issues a change is of. */
export type Target = {
  /** Those that are named, or those that are seen of what the filter finds. */
  ids: readonly string[];
  /** All that a list finds, by what stands in its request after the `?`. */
  filter?: string;
};

export type Change = {
  /** How many the server changed. Faults as the API does; what was shown is as before then. */
  done: Promise<number>;
  /** Takes it back, for those that nobody changed since. */
  undo: () => Promise<void>;
};

/** A request names so many issues at most. */
const idsMax = 500;

/**
 * Resolves, mutes or opens issues: pages that show them do so at once, and go back where the server refuses. What was
 * changed can be taken back also where it was more than is seen.
 */
export function setStatus(
  org: string,
  target: Target,
  change: StatusChange,
  /** What a person is shown of it, by how many were changed. */
  words: (count: number) => string,
): Change {
  stopReadingIssues(org);
  const before = statesOf(org, new Set(target.ids));
  // What ends it the server says, which knows releases and moments.
  const after: Stated = {
    status: change.status,
    statusDetails: {},
    substatus: change.substatus === "ongoing" ? "ongoing" : null,
  };
  const shown = {
    next: () => show(org, (id) => (before.has(id) ? after : undefined)),
    before: () => show(org, (id) => before.get(id)),
  };
  return changeShown(org, target, change, shown, words);
}

/** Changes issues, shows that at once, and as before where the server refuses or somebody takes it back. */
export function changeShown(
  org: string,
  target: Target,
  change: Schema<"IssueUpdate">,
  /** Shows them as they will be, and as they were. */
  shown: { next: () => void; before: () => void },
  words: (count: number) => string,
): Change {
  shown.next();
  const sent = changeIssues(org, target, change);
  const done = sent.then(
    (answers) => {
      settle(org);
      // A page that was on its way meanwhile has them as they were.
      if (target.filter !== undefined) void startAgain(org);
      const count = answers.reduce((sum, { changed }) => sum + changed, 0);
      const undoIds = answers.flatMap(({ undoId }) => undoId ?? []);
      keepLastChange({ org, undoIds, text: words(count) });
      return count;
    },
    (error: unknown) => {
      shown.before();
      settle(org);
      throw error;
    },
  );
  return {
    done,
    undo: async () => {
      stopReadingIssues(org);
      shown.before();
      try {
        for (const { undoId } of await sent) if (undoId) await takeBack(org, undoId);
        forgetLastChange();
      } catch (error) {
        shown.next();
        throw error;
      } finally {
        settle(org);
        if (target.filter !== undefined) await startAgain(org);
      }
    },
  };
}

/** Takes back what a page before this one changed; answers for how many issues. */
export async function undoLastChange({
  org,
  undoIds,
}: Pick<LastChange, "org" | "undoIds">): Promise<number> {
  let restored = 0;
  for (const undoId of undoIds) restored += (await takeBack(org, undoId)).restored;
  forgetLastChange();
  settle(org);
  await startAgain(org);
  return restored;
}

/** What stands in the requests that name all of them. */
export function slicesOf(ids: readonly string[], filter: string | undefined): string[] {
  if (filter !== undefined) return [filter];
  return Array.from({ length: Math.ceil(ids.length / idsMax) }, (_, index) => {
    const slice = ids.slice(index * idsMax, (index + 1) * idsMax);
    return new URLSearchParams(slice.map((id) => ["id", id])).toString();
  });
}

/** Changes issues, a request after the other where they are many. Faults as the API does. */
export async function changeIssues(
  org: string,
  { ids, filter }: Target,
  body: Schema<"IssueUpdate">,
) {
  const answers: { changed: number; undoId: string | null }[] = [];
  for (const slice of slicesOf(ids, filter)) {
    const answer = await whileChanging(() =>
      ok(
        api.PUT("/api/0/organizations/{organization_slug}/issues/", {
          params: { path: { organization_slug: org } },
          querySerializer: () => slice,
          body,
        }),
      ),
    );
    const { changed } = answer.job ? await ended(org, answer.job) : answer;
    answers.push({ changed, undoId: answer.undoId });
  }
  return answers;
}

/** A job that was not done with its request is waited for; hardly ever. */
export async function ended(org: string, job: Schema<"IssueJob">) {
  if (job.state !== "running") return job;
  noteFollowing();
  const { followJob } = await import("./job-progress");
  return followJob(org, job);
}

async function takeBack(org: string, undoId: string) {
  const undone = await whileChanging(() =>
    ok(
      api.POST("/api/0/organizations/{organization_slug}/issues/undo/", {
        params: { path: { organization_slug: org } },
        body: { undoId },
      }),
    ),
  );
  if (undone.job) await ended(org, undone.job);
  return undone;
}

export type Pages = InfiniteData<Page<Issue>>;
export const listKey = (org: string) => [org, "issues", "list"];
const detailKey = (org: string) => [org, "issues", "detail"];

const statesOf = (org: string, ids: ReadonlySet<string>): Map<string, Stated> =>
  knownOf(org, ids, ({ status, statusDetails, substatus }) => ({
    status,
    statusDetails,
    substatus,
  }));

/** What pages know of issues, which are in many lists at once; of what was only fetched ahead nobody knows how old it is. */
export function knownOf<T>(
  org: string,
  ids: ReadonlySet<string>,
  of: (issue: Issue) => T,
): Map<string, T> {
  const known = new Map<string, T>();
  const look = (issue: Issue | undefined) => {
    if (issue && ids.has(issue.id)) known.set(issue.id, of(issue));
  };
  for (const [, pages] of queryClient.getQueriesData<Pages>({ queryKey: listKey(org) })) {
    for (const { rows } of pages?.pages ?? []) for (const issue of rows) look(issue);
  }
  for (const [, issue] of queryClient.getQueriesData<Issue>({
    queryKey: detailKey(org),
    type: "active",
  })) {
    look(issue);
  }
  return known;
}

/** Shows issues as they are or will be; a list leaves out by itself what it did not ask for. */
function show(org: string, stateFor: (id: string) => Stated | undefined): void {
  patchIssues(org, (issue) => {
    const state = stateFor(issue.id);
    return state === undefined ? issue : { ...issue, ...state };
  });
}

/** Changes issues wherever pages know them; `patch` answers with the same one for what stays. */
export function patchIssues(org: string, patch: <T extends Issue>(issue: T) => T): void {
  queryClient.setQueriesData<Pages>({ queryKey: listKey(org) }, (data) => {
    if (!data) return data;
    const pages = data.pages.map((page) => {
      const rows = page.rows.map(patch);
      return rows.every((row, index) => row === page.rows[index]) ? page : { ...page, rows };
    });
    return pages.every((page, index) => page === data.pages[index]) ? data : { ...data, pages };
  });
  queryClient.setQueriesData<Issue>({ queryKey: detailKey(org) }, (issue) =>
    issue ? patch(issue) : issue,
  );
}

/** Changes that the server has not answered yet. */
let changing = 0;
const toReadLater = new Set<string>();

/** Makes a change on the server: what is read before all of them are made has an issue as it was, so it waits for the last. */
export async function whileChanging<T>(change: () => Promise<T>): Promise<T> {
  changing++;
  try {
    return await change();
  } finally {
    changing--;
    if (changing === 0) {
      const orgs = [...toReadLater];
      toReadLater.clear();
      for (const org of orgs) void readIssueAgain(org);
    }
  }
}

/**
 * An answer that is on its way has an issue as it was before a change: it is given up before that is shown. Whoever calls
 * this reads it again at the end.
 */
export function stopReadingIssues(org: string): void {
  void queryClient.cancelQueries({ queryKey: detailKey(org) });
}

/**
 * An issue that was changed is read again wherever a page knows it. What is on its way for a page that is not there yet may
 * have it as it was, and would count as new when it comes: it is given up.
 */
export async function readIssueAgain(org: string): Promise<void> {
  if (changing > 0) {
    toReadLater.add(org);
    return;
  }
  const queryKey = detailKey(org);
  await queryClient.cancelQueries({ queryKey, type: "inactive" });
  await queryClient.invalidateQueries({ queryKey });
}

/**
 * Numbers beside tabs are counted anew, and an issue and what happened to it are read again: an answer that was on its way
 * may have it as it was. Lists are read again when somebody looks at them anew.
 */
export function settle(org: string): void {
  void readIssueAgain(org);
  void queryClient.invalidateQueries({ queryKey: [org, "issues", "counts"] });
  void queryClient.invalidateQueries({ queryKey: listKey(org), refetchType: "none" });
  void queryClient.invalidateQueries({ queryKey: [org, "issues", "activity"] });
}

/** Reads the lists of issues from their first page on. */
export async function startAgain(org: string): Promise<void> {
  const queryKey = listKey(org);
  // One whose first page was let go of has nothing to begin with.
  const isCut = ({ state }: { state: { data?: unknown } }) =>
    Boolean((state.data as Pages | undefined)?.pageParams[0]);
  const cut = queryClient.resetQueries({ queryKey, predicate: isCut });
  queryClient.setQueriesData<Pages>({ queryKey }, (data) =>
    data && data.pages.length > 1
      ? { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) }
      : data,
  );
  await Promise.all([cut, queryClient.invalidateQueries({ queryKey })]);
}
