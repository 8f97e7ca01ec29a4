import { copyText } from "../parts/copy";
import { showError } from "../parts/toasts";
import { t } from "../words";
import { eventMarkdown } from "./issue-queries";

/** A ticket bears no more, and each is a request. */
const issuesMax = 10;

/** As text for a ticket or a model. */
export const copyMarkdown = (org: string, issue: string, event: string): Promise<void> =>
  copyWhatComes(() => eventMarkdown(org, issue, event), t("Markdown"));

/** The newest event of each of some issues, one below the other. */
export function copyIssues(org: string, issues: readonly string[]): Promise<void> {
  const some = issues.slice(0, issuesMax);
  return copyWhatComes(
    async () =>
      (await Promise.all(some.map((id) => eventMarkdown(org, id, "latest")))).join("\n\n---\n\n"),
    issues.length > some.length
      ? t("Markdown of the first {n}", { n: some.length })
      : t("Markdown"),
  );
}

async function copyWhatComes(text: () => Promise<string>, what: string): Promise<void> {
  try {
    await copyText(await text(), what);
  } catch (error) {
    showError(error);
  }
}
