import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { queryClient } from "../api/query-client";
import type { Search } from "../filters";
import {
  type Direction,
  type IssueEvent,
  issueEvent,
  knownEvent,
  neighbourOf,
  prefetchNeighbours,
} from "./issue-queries";

const stepsWaitingMax = 50;

export type EventSteps = {
  step: (direction: Direction) => void;
  /** To the oldest, the latest or the most telling one. */
  jump: (to: "oldest" | "latest" | "recommended") => void;
};

/**
 * From event to event inside the filter. A step from an event that is still on its way is remembered and taken when it
 * is there, so that however fast one steps, one gets as far.
 */
export function useEventSteps(
  org: string,
  issue: string,
  asked: string,
  search: Search,
  shown: IssueEvent | undefined,
): EventSteps {
  const navigate = useNavigate();
  const aim = useRef(asked);
  const ours = useRef(new Set<string>());
  const waiting = useRef<Direction[]>([]);

  // An address that we did not choose is where the next step begins.
  useEffect(() => {
    if (ours.current.has(asked)) {
      if (asked === aim.current) ours.current.clear();
      return;
    }
    aim.current = asked;
    waiting.current = [];
  }, [asked, issue]);

  const go = (id: string) => {
    aim.current = id;
    ours.current.add(id);
    void navigate({
      to: `/${org}/issues/${issue}/events/${id}`,
      search: (now: Search) => now,
      replace: true,
      resetScroll: false,
    });
  };
  const step = (direction: Direction) => {
    const at = knownEvent(org, issue, aim.current, search);
    if (!at) {
      if (waiting.current.length < stepsWaitingMax) waiting.current.push(direction);
      return;
    }
    const id = neighbourOf(at, direction);
    if (id !== null) go(id);
  };
  const jump: EventSteps["jump"] = (to) => {
    waiting.current = [];
    void queryClient
      .fetchQuery({ ...issueEvent(org, issue, to, search), staleTime: 0 })
      .then(({ eventID }) => go(eventID))
      .catch(() => undefined);
  };

  useEffect(() => {
    if (!shown) return;
    const next = waiting.current.shift();
    if (next) step(next);
    void prefetchNeighbours(org, issue, search, shown, "older");
    void prefetchNeighbours(org, issue, search, shown, "newer");
  }, [shown?.eventID]);

  return { step, jump };
}
