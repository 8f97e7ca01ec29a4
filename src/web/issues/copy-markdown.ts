import { copyText } from "../parts/copy";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import { eventMarkdown } from "./issue-queries";

/** As text for a ticket or a model. */
export async function copyMarkdown(org: string, issue: string, event: string): Promise<void> {
  try {
    await copyText(await eventMarkdown(org, issue, event), t("Markdown"));
  } catch (error) {
    showToast({ text: error instanceof Error ? error.message : String(error), isError: true });
  }
}
