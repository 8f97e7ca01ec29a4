import {
  Check,
  Clipboard,
  FileText,
  Merge,
  RotateCcw,
  Star,
  Trash2,
  UserRound,
  VolumeX,
} from "lucide-react";
import { useState } from "react";
import { mark } from "../api/mark";
import { mayBeRefused, type Status, type StatusChange, setStatus, type Target } from "../api/undo";
import type { Command } from "../commands";
import type { Search } from "../filters";
import { useMay } from "../frame/session";
import { mount } from "../mount";
import { copyText } from "../parts/copy";
import { showError, showToast } from "../parts/toasts";
import { useStable } from "../use-stable";
import { plural, t } from "../words";
import type { Assigning } from "./assign-dialog";
import { filterText, type ListedIssue } from "./list-queries";
import { type Merging, mergeRefusal } from "./merge-refusal";
import type { Priority } from "./priority-choices";
import type { Asking } from "./status-choices";
import { inNextRelease, isForReview, isReview } from "./status-kinds";
import type { SwipeWay } from "./swipe-way";

/** What an action is done to: the chosen issues, else the one where the keys are. */
export type Chosen = {
  issues: ListedIssue[];
  ids: string[];
  /** Also those that are not here: all that the filter finds. */
  isAllMatching: boolean;
};

/** Of which issues somebody is asked what is to end their status. */
export type AskedStatus = { asking: Asking; target: Target; what: string };

/** Has a place in the menu of what resolves. */
export const resolveNext = "issues.resolve.next";

/** What else a bar of actions can do with what is chosen. */
export type MoreActions = {
  set: (change: StatusChange) => void;
  ask: (asking: Asking) => void;
  prioritize: (priority: Priority | null) => void;
  isForReview: boolean;
};

type Given = {
  org: string;
  search: Search;
  chosen: Chosen;
  /** After a change: the issues are on their way out, and the selection is done with. */
  left: (ids: ReadonlySet<string>) => void;
};

const words: Record<Status, { one: string; many: string }> = {
  resolved: { one: t("issue resolved"), many: t("issues resolved") },
  ignored: { one: t("issue muted"), many: t("issues muted") },
  unresolved: { one: t("issue reopened"), many: t("issues reopened") },
};

const reviewedWords = { one: t("issue reviewed"), many: t("issues reviewed") };

/** What can be done with issues of a list, as commands with keys. */
export function useIssueActions({ org, search, chosen, left }: Given) {
  const [isDeleting, setDeleting] = useState(false);
  const [assigning, setAssigning] = useState<Assigning>();
  const [asked, setAsking] = useState<AskedStatus>();
  const [merging, setMerging] = useState<Merging>();
  const mayWrite = useMay(org, "event:write") ?? false;
  const mayDelete = useMay(org, "event:admin") ?? false;
  const { issues, ids, isAllMatching } = chosen;
  const target = { ids, ...(isAllMatching && { filter: filterText(org, search) }) };

  /** Faults as the API does. */
  const set = async (of: Target, change: StatusChange) => {
    const { one, many } = isReview(change) ? reviewedWords : words[change.status];
    const { done, undo } = setStatus(org, of, change, (count) => plural(count, one, many));
    if (!isReview(change)) left(new Set(of.ids));
    const say = (count: number) =>
      showToast({ text: plural(count, one, many), undo: () => void undo().catch(showError) });
    const isSure = of.filter === undefined && !mayBeRefused(change);
    if (isSure) say(of.ids.length);
    const count = await done;
    if (!isSure) say(count);
  };
  const change = (of: Target, wanted: StatusChange) => void set(of, wanted).catch(showError);
  const isAll = (status: Status) =>
    issues.length > 0 && issues.every((issue) => issue.status === status);
  const [isResolved, isMuted] = [isAll("resolved"), isAll("ignored")];
  const isBookmarked = issues.length > 0 && issues.every((issue) => issue.isBookmarked);
  const none = ids.length === 0;
  const commands: Command[] = [
    {
      id: "issues.resolve",
      title: isResolved ? t("Reopen") : t("Resolve"),
      keys: "e",
      icon: isResolved ? RotateCcw : Check,
      disabled: none || !mayWrite,
      run: () => change(target, { status: isResolved ? "unresolved" : "resolved" }),
    },
    {
      id: "issues.mute",
      title: isMuted ? t("Unmute") : t("Mute"),
      keys: "m",
      icon: VolumeX,
      disabled: none || !mayWrite,
      run: () => change(target, { status: isMuted ? "unresolved" : "ignored" }),
    },
    {
      id: resolveNext,
      title: t("Resolve in the next release"),
      keys: "shift+e",
      disabled: none || !mayWrite,
      run: () => change(target, inNextRelease),
    },
    {
      id: "issues.assign",
      title: t("Assign"),
      keys: "a",
      icon: UserRound,
      disabled: none || !mayWrite,
      run: () => setAssigning(assigningOf(chosen, target)),
    },
    {
      id: "issues.merge",
      title: t("Merge"),
      keys: "shift+m",
      icon: Merge,
      disabled: !mayWrite || mergeRefusal(chosen, isAllMatching) !== undefined,
      run: () => setMerging({ ids, issues }),
    },
    {
      id: "issues.bookmark",
      title: isBookmarked ? t("Remove bookmark") : t("Bookmark"),
      keys: "b",
      icon: Star,
      disabled: none || !mayWrite,
      run: () => void mark(org, target, { isBookmarked: !isBookmarked }).catch(showError),
    },
    {
      id: "issues.copy",
      title: t("Copy link"),
      keys: "c",
      icon: Clipboard,
      disabled: none,
      run: () => void copyText(linksOf(org, ids), plural(ids.length, "link", "links")),
    },
    {
      id: "issues.markdown",
      title: t("Copy as Markdown"),
      keys: "shift+c",
      icon: FileText,
      disabled: none,
      run: () => void copyAsMarkdown(org, ids),
    },
    {
      id: "issues.delete",
      title: t("Delete"),
      keys: "#",
      icon: Trash2,
      disabled: none || !mayDelete,
      run: () => setDeleting(true),
    },
  ];
  return {
    commands: commands.map((command) => ({ ...command, group: t("Issues") })),
    /** Of one issue, whatever is chosen. */
    swiped: mayWrite
      ? ({ id, status }: ListedIssue, way: SwipeWay) => {
          const wanted = way === "resolve" ? "resolved" : "ignored";
          change({ ids: [id] }, { status: status === wanted ? "unresolved" : wanted });
        }
      : undefined,
    /** Gives one issue to somebody, whatever is chosen. */
    assign: useStable((issue: ListedIssue) =>
      setAssigning(
        assigningOf(
          { issues: [issue], ids: [issue.id], isAllMatching: false },
          { ids: [issue.id] },
        ),
      ),
    ),
    mayAssign: mayWrite,
    assigning,
    stopAssigning: () => setAssigning(undefined),
    more: (mayWrite && !none
      ? {
          set: (wanted) => change(target, wanted),
          ask: (asking) => setAsking({ asking, target, what: wordsOf(chosen) }),
          prioritize: (priority) =>
            void import("./set-priority").then(({ prioritize }) =>
              prioritize(org, target, priority),
            ),
          isForReview: issues.every(isForReview),
        }
      : undefined) satisfies MoreActions | undefined,
    asked,
    stopAsking: () => setAsking(undefined),
    /** Of some issues, whatever is chosen. Faults as the API does. */
    set,
    merging,
    stopMerging: () => setMerging(undefined),
    /** Issues that are another one now. */
    merged: left,
    isDeleting,
    stopDeleting: () => setDeleting(false),
    remove: async () => {
      const { removeIssues } = await import("../api/remove");
      await removeIssues(org, target);
      left(new Set(ids));
      showToast({
        text: isAllMatching
          ? t("Issues deleted")
          : plural(ids.length, "issue deleted", "issues deleted"),
      });
    },
  };
}

function assigningOf({ issues, ids, isAllMatching }: Chosen, target: Target): Assigning {
  // Of chosen issues whose page was let go of, the projects are not known.
  const isKnown = !isAllMatching && issues.length === ids.length;
  return {
    target,
    projects: isKnown ? new Set(issues.map(({ project }) => project.id)) : undefined,
    what: wordsOf({ issues, ids, isAllMatching }),
  };
}

function wordsOf({ issues: [first], ids, isAllMatching }: Chosen): string {
  if (isAllMatching) return t("All that match");
  return ids.length === 1 && first ? first.shortId : plural(ids.length, "issue", "issues");
}

async function copyAsMarkdown(org: string, ids: readonly string[]): Promise<void> {
  const { copyIssues } = await import("./copy-markdown");
  await copyIssues(org, ids);
}

const linksOf = (org: string, ids: readonly string[]) =>
  ids.map((id) => `${location.origin}${mount}/${org}/issues/${id}`).join("\n");
