import { useNavigate } from "@tanstack/react-router";
import {
  ChevronFirst,
  ChevronLast,
  ChevronLeft,
  ChevronRight,
  Diff,
  FileText,
  Sparkles,
} from "lucide-react";
import { lazy, Suspense } from "react";
import { useCommands } from "../commands";
import type { Search } from "../filters";
import { Button } from "../parts/button";
import { Time } from "../parts/time";
import { formatNumber, t } from "../words";
import { copyMarkdown } from "./copy-markdown";
import type { EventSection } from "./event-sections";
import type { IssueEvent } from "./issue-queries";
import { StepButton } from "./step-button";
import type { EventSteps } from "./use-event-steps";

const EventMenu = lazy(async () => ({ default: (await import("./event-menu")).EventMenu }));

/** Which event of how many, the ways to others, and what can be done with this one; stays in sight. */
export function EventBar({
  org,
  issue,
  event,
  isBehind,
  search,
  steps,
  sections,
}: {
  org: string;
  issue: string;
  event: IssueEvent;
  /** Another one is asked for and not there yet. */
  isBehind: boolean;
  search: Search;
  steps: EventSteps;
  sections: EventSection[];
}) {
  const navigate = useNavigate();
  const { eventID, previousEventID, nextEventID } = event;
  const group = t("This event");
  const other = previousEventID ?? nextEventID;
  const diffPath = `/${org}/issues/${issue}/diff/${previousEventID ?? eventID}...${previousEventID ? eventID : nextEventID}`;
  useCommands([
    {
      id: "event.older",
      title: t("Older event"),
      keys: "h",
      group,
      icon: ChevronLeft,
      run: () => steps.step("older"),
    },
    {
      id: "event.newer",
      title: t("Newer event"),
      keys: "l",
      group,
      icon: ChevronRight,
      run: () => steps.step("newer"),
    },
    {
      id: "event.oldest",
      title: t("Oldest event"),
      keys: "shift+h",
      group,
      icon: ChevronFirst,
      run: () => steps.jump("oldest"),
    },
    {
      id: "event.latest",
      title: t("Latest event"),
      keys: "shift+l",
      group,
      icon: ChevronLast,
      run: () => steps.jump("latest"),
    },
    {
      id: "event.telling",
      title: t("Most telling event"),
      group,
      icon: Sparkles,
      run: () => steps.jump("recommended"),
    },
    {
      id: "event.markdown",
      title: t("Copy as Markdown"),
      keys: "shift+c",
      group,
      icon: FileText,
      run: () => void copyMarkdown(org, issue, eventID),
    },
    {
      id: "event.diff",
      title: t("Compare with the event before"),
      keys: "d",
      group,
      icon: Diff,
      disabled: other === null,
      run: () => void navigate({ to: diffPath, search }),
    },
    ...sections.slice(0, 9).map(({ id, title }, index) => ({
      id: `section.${id}`,
      title: t("Go to {section}", { section: title }),
      keys: String(index + 1),
      group: t("Sections"),
      run: () => goToSection(id),
    })),
  ]);
  return (
    <div
      data-print="no"
      className="border-b border-line bg-bg md:sticky md:top-0 md:z-20"
      aria-busy={isBehind}
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5">
        <EventNav event={event} steps={steps} />
        <EventFacts event={event} />
        <div className="ms-auto flex items-center gap-1 max-md:ms-0">
          {other !== null && (
            <Button
              kind="quiet"
              icon={Diff}
              keys="d"
              small
              onClick={() => void navigate({ to: diffPath, search })}
            >
              {t("Diff")}
            </Button>
          )}
          <Suspense fallback={<span className="size-7 max-md:size-11" />}>
            <EventMenu org={org} issue={issue} event={event} />
          </Suspense>
        </div>
      </div>
      {sections.length > 1 && (
        <nav
          aria-label={t("Sections")}
          className="overflow-x-auto border-t border-line max-md:hidden"
        >
          <ul className="flex min-w-max gap-1 px-3">
            {sections.map(({ id, title }) => (
              <li key={id}>
                <a
                  href={`#${id}`}
                  onClick={(click) => {
                    click.preventDefault();
                    goToSection(id);
                  }}
                  className="inline-flex min-h-7 items-center px-1.5 text-xs text-muted hover:text-text hover:no-underline"
                >
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
    </div>
  );
}

function goToSection(id: string): void {
  const section = document.getElementById(id);
  section?.scrollIntoView({ block: "start" });
  section?.querySelector<HTMLElement>("[data-section]")?.focus({ preventScroll: true });
}

/** On a phone it lies at the thumb. */
function EventNav({ event, steps }: { event: IssueEvent; steps: EventSteps }) {
  const { previousEventID: older, nextEventID: newer } = event;
  return (
    <div className="flex items-center gap-0.5 max-md:fixed max-md:inset-x-0 max-md:bottom-14 max-md:z-20 max-md:justify-between max-md:border-t max-md:border-line max-md:bg-sunken max-md:px-2">
      <StepButton
        icon={ChevronFirst}
        keys="shift+h"
        off={older === null}
        run={() => steps.jump("oldest")}
      >
        {t("Oldest event")}
      </StepButton>
      <StepButton icon={ChevronLeft} keys="h" off={older === null} run={() => steps.step("older")}>
        {t("Older event")}
      </StepButton>
      <p
        className="numbers px-1 whitespace-nowrap"
        role="status"
        aria-label={t("Place of this event")}
      >
        {placeWords(event)}
      </p>
      <StepButton icon={ChevronRight} keys="l" off={newer === null} run={() => steps.step("newer")}>
        {t("Newer event")}
      </StepButton>
      <StepButton
        icon={ChevronLast}
        keys="shift+l"
        off={newer === null}
        run={() => steps.jump("latest")}
      >
        {t("Latest event")}
      </StepButton>
    </div>
  );
}

/** "3 of 412"; the newest is the first. What was not counted is not said. */
export function placeWords({ position, total, isTotalCapped }: IssueEvent): string {
  if (position === null) return t("Event");
  if (total === null) return t("Event {position}", { position });
  return t("Event {position} of {total}", {
    position,
    total: `${formatNumber(total)}${isTotalCapped ? "+" : ""}`,
  });
}

function EventFacts({ event }: { event: IssueEvent }) {
  const tag = (key: string) => event.tags.find((one) => one.key === key)?.value;
  const facts = [tag("environment"), tag("release")].filter((value) => value !== undefined);
  return (
    <p className="flex min-w-0 flex-wrap items-center gap-x-3 text-muted">
      <Time at={event.dateCreated} absolute />
      <code title={event.eventID}>{event.eventID.slice(0, 8)}</code>
      {facts.map((value) => (
        <span key={value} className="max-w-40 truncate" title={value.slice(0, 300)}>
          {value}
        </span>
      ))}
    </p>
  );
}
