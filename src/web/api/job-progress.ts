import { useSyncExternalStore } from "react";
import { api, ok, type Schema } from "./client";

export type Job = Omit<Schema<"IssueJob">, "seerMatchDistance">;
type Followed = { org: string; job: Job };

const askAgainMs = 1500;
let followed: readonly Followed[] = [];
const listeners = new Set<() => void>();

const change = (next: readonly Followed[]) => {
  followed = next;
  for (const listener of listeners) listener();
};

/** Waits until a job ends, while pages show how far it is; answers with where it is then. */
export async function followJob(org: string, begun: Job): Promise<Job> {
  let job = begun;
  const others = () => followed.filter((each) => each.job.id !== begun.id);
  try {
    while (job.state === "running") {
      change([...others(), { org, job }]);
      await new Promise((resolve) => setTimeout(resolve, askAgainMs));
      job = await ok(
        api.GET("/api/0/organizations/{organization_slug}/issue-jobs/{job_id}/", {
          params: { path: { organization_slug: org, job_id: begun.id } },
        }),
      );
    }
    return job;
  } finally {
    change(others());
  }
}

/** Ends a job between two issues. */
export const endJob = ({ org, job }: Followed) =>
  ok(
    api.DELETE("/api/0/organizations/{organization_slug}/issue-jobs/{job_id}/", {
      params: { path: { organization_slug: org, job_id: job.id } },
    }),
  );

/** Jobs whose end is waited for. */
export const useFollowedJobs = (): readonly Followed[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => followed,
  );
