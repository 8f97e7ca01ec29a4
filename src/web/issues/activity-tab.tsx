import { useLocation } from "@tanstack/react-router";
import { t } from "../words";
import { newComment } from "./new-comment";
import { Timeline } from "./timeline";

/** What happened to an issue, and what people say of it. */
export function ActivityTab({ org, issue }: { org: string; issue: string }) {
  const { hash } = useLocation();
  return (
    <section aria-label={t("Activity")} className="max-w-3xl p-4 max-md:pb-16">
      <Timeline org={org} issue={issue} autoFocus={hash === newComment} />
    </section>
  );
}
