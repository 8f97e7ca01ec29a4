import { Bell, Star } from "lucide-react";
import { useEffect } from "react";
import { type Marks, mark } from "../api/mark";
import { useCommands } from "../commands";
import { Button } from "../parts/button";
import { showError } from "../parts/toasts";
import { t } from "../words";
import type { Issue } from "./issue-queries";

/** What an issue is to the person: to look at it is to have seen it; a star and a bell are chosen. */
export function IssueMarks({ org, issue }: { org: string; issue: Issue }) {
  const { id, hasSeen, isBookmarked, isSubscribed } = issue;
  const set = (marks: Marks) => void mark(org, { ids: [id] }, marks).catch(showError);
  useEffect(() => {
    // Nobody asked for it, so nothing is said where it fails, and it is not tried again.
    if (!hasSeen) void mark(org, { ids: [id] }, { hasSeen: true }).catch(() => undefined);
  }, [org, id]);
  const group = t("This issue");
  const [star, bell] = [t("Bookmark"), t("Follow")];
  const bookmark = () => set({ isBookmarked: !isBookmarked });
  const follow = () => set({ isSubscribed: !isSubscribed });
  useCommands([
    { id: "issue.bookmark", title: star, keys: "b", group, icon: Star, run: bookmark },
    { id: "issue.follow", title: bell, keys: "s", group, icon: Bell, run: follow },
  ]);
  return (
    <>
      <Button
        kind="quiet"
        icon={Star}
        iconOnly
        keys="b"
        aria-pressed={isBookmarked}
        className={isBookmarked ? "text-accent! [&_svg]:fill-current" : ""}
        onClick={bookmark}
      >
        {star}
      </Button>
      <Button
        kind="quiet"
        icon={Bell}
        iconOnly
        keys="s"
        aria-pressed={isSubscribed}
        className={isSubscribed ? "text-accent! [&_svg]:fill-current" : ""}
        onClick={follow}
      >
        {bell}
      </Button>
    </>
  );
}
