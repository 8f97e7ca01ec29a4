import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useCommands } from "../commands";
import type { Search } from "../filters";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { classes } from "../parts/classes";
import { Copy } from "../parts/copy";
import { Choice } from "../parts/field";
import { setPreferences, usePreferences } from "../use-preferences";
import { t } from "../words";
import type { EventParts, Exception, Thread } from "./event-parts";
import { exceptionChain } from "./exception-chain";
import { FrameRow } from "./frame-row";
import { blamedIndex, frameRuns, type Stack, type StackView, stackViews } from "./frames";
import { JsonTree, Leaf } from "./json-tree";
import { openFramesOf, toggledFrame } from "./open-frames";
import { Section } from "./section";

const RawTrace = lazy(async () => ({ default: (await import("./raw-trace")).RawTrace }));

async function textOfTrace(exceptions: Exception[], platform: string | null): Promise<string> {
  const { traceText } = await import("./trace-text");
  return traceText(exceptions, platform);
}

const viewWords: Record<StackView, () => string> = {
  app: () => t("In app"),
  all: () => t("All"),
  raw: () => t("Raw"),
};

/** The chain of exceptions with their traces; of a message, the trace of where it was sent. */
export function StackSection({ parts, platform }: { parts: EventParts; platform: string | null }) {
  const { stackView: view } = usePreferences();
  const setView = (next: StackView) => setPreferences({ stackView: next });
  const { exceptions, threads } = parts;
  const [threadId, setThreadId] = useState<string>();
  const telling = threads.filter(({ stack }) => stack !== undefined);
  const crashed =
    telling.find(({ isCrashed }) => isCrashed) ?? telling.find(({ isCurrent }) => isCurrent);
  const thread = telling.find(({ id }) => id === threadId) ?? crashed ?? telling[0];
  // The exceptions belong to the thread that crashed; another one is looked at by itself.
  const showsThread = thread !== undefined && (exceptions.length === 0 || thread !== crashed);
  useCommands([
    {
      id: "stack.view",
      title: t("Frames: in app, all, raw"),
      keys: "v",
      group: t("This event"),
      run: () => setView(stackViews[(stackViews.indexOf(view) + 1) % stackViews.length] ?? "app"),
    },
    {
      id: "stack.next",
      title: t("Next frame"),
      keys: "j",
      group: t("This event"),
      run: () => moveFrame(1),
    },
    {
      id: "stack.previous",
      title: t("Previous frame"),
      keys: "k",
      group: t("This event"),
      run: () => moveFrame(-1),
    },
  ]);
  const chain = showsThread ? [threadAsException(thread)] : exceptions;
  if (chain.length === 0) return null;
  return (
    <Section
      id="stack"
      title={t("Stack")}
      actions={
        <>
          {telling.length > 1 && (
            <Choice
              label={t("Thread")}
              hideLabel
              value={thread?.id ?? ""}
              onChange={(event) => setThreadId(event.target.value)}
              options={telling.map((one) => ({ value: one.id, label: threadWords(one) }))}
            />
          )}
          <ViewChoice view={view} setView={setView} />
          <Copy text={() => textOfTrace(chain, platform)} label={t("Trace")} small />
        </>
      }
    >
      {view === "raw" ? (
        <Suspense fallback={<div className="h-40" />}>
          <RawTrace exceptions={chain} platform={platform} />
        </Suspense>
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
          {exceptionChain(chain).map(({ exception, index, depth, relation }, place) => (
            <ExceptionTrace
              key={index}
              exception={exception}
              place={place}
              depth={depth}
              relation={relation}
              view={view}
              platform={platform}
              isUntitled={showsThread}
            />
          ))}
        </div>
      )}
    </Section>
  );
}

/** Focus goes from frame to frame; Enter opens one. */
function moveFrame(step: number): void {
  const all = [...document.querySelectorAll<HTMLElement>("[data-frame]")];
  const at = all.indexOf(document.activeElement as HTMLElement);
  const next = at === -1 ? (step > 0 ? 0 : all.length - 1) : at + step;
  all[Math.max(0, Math.min(all.length - 1, next))]?.focus();
}

const threadAsException = ({ stack }: Thread): Exception => ({
  type: "",
  value: "",
  module: undefined,
  threadId: undefined,
  mechanism: undefined,
  stack,
  rawStack: undefined,
});

const threadWords = ({ id, name, isCrashed, isCurrent, state }: Thread) =>
  [
    name?.slice(0, 80) ?? t("Thread {id}", { id: id.slice(0, 40) }),
    isCrashed ? t("crashed") : isCurrent ? t("current") : "",
    state?.slice(0, 40) ?? "",
  ]
    .filter(Boolean)
    .join(", ");

function ViewChoice({ view, setView }: { view: StackView; setView: (view: StackView) => void }) {
  return (
    <div
      role="group"
      aria-label={t("Frames")}
      className="flex rounded-sm border border-line-strong"
    >
      {stackViews.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={view === one}
          aria-keyshortcuts="v"
          onClick={() => setView(one)}
          className="min-h-7 px-2.5 text-xs first:rounded-s-sm last:rounded-e-sm hover:bg-hover aria-pressed:bg-selected aria-pressed:font-medium max-md:min-h-11 max-md:px-4"
        >
          {viewWords[one]()}
        </button>
      ))}
    </div>
  );
}

const depths = ["", "ms-4", "ms-8", "ms-12", "ms-16"];

function ExceptionTrace({
  exception,
  place,
  depth,
  relation,
  view,
  platform,
  isUntitled,
}: {
  exception: Exception;
  place: number;
  depth: number;
  relation: "thrown" | "cause" | "member";
  view: StackView;
  platform: string | null;
  isUntitled: boolean;
}) {
  const [isAsSent, setAsSent] = useState(false);
  const stack = isAsSent ? exception.rawStack : exception.stack;
  return (
    <div className={depths[Math.min(depth, depths.length - 1)]}>
      {!isUntitled && (
        <header className="mb-2">
          {relation !== "thrown" && (
            <p className="text-xs text-muted">
              {relation === "cause" ? t("Caused by") : t("In this group")}
            </p>
          )}
          <h3 className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-bold">
              <bdi>{exception.type.slice(0, 300) || t("Error")}</bdi>
            </span>
            {exception.mechanism?.handled === false && (
              <Badge tone="danger">{t("unhandled")}</Badge>
            )}
            {exception.mechanism && exception.mechanism.type !== "generic" && (
              <span className="text-xs font-normal text-muted">
                {exception.mechanism.type.slice(0, 100)}
              </span>
            )}
          </h3>
          {exception.value && (
            <p className="max-h-80 overflow-y-auto">
              <Leaf value={exception.value} />
            </p>
          )}
        </header>
      )}
      {stack && stack.frames.length > 0 ? (
        <Frames stack={stack} place={place} view={view} platform={platform} />
      ) : (
        !isUntitled && <p className="text-xs text-muted">{t("No trace was sent with it.")}</p>
      )}
      {exception.rawStack && (
        <Button kind="quiet" small aria-pressed={isAsSent} onClick={() => setAsSent(!isAsSent)}>
          {isAsSent ? t("With source maps") : t("As sent")}
        </Button>
      )}
      {stack && stack.registers.length > 0 && (
        <details className="mt-2 text-xs">
          <summary className="text-muted max-md:min-h-11">{t("Registers")}</summary>
          <JsonTree entries={stack.registers} label={t("Registers")} />
        </details>
      )}
    </div>
  );
}

function Frames({
  stack,
  place,
  view,
  platform,
}: {
  stack: Stack;
  place: number;
  view: StackView;
  platform: string | null;
}) {
  const { newestFrameFirst } = usePreferences();
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const turned = openFramesOf(search);
  const blamed = blamedIndex(stack.frames);
  const row = (frame: Stack["frames"][number], index: number) => {
    // Counted from the crash: other events of the issue have the same frames there.
    const token = `${place}.${stack.frames.length - 1 - index}`;
    return (
      <FrameRow
        key={index}
        frame={frame}
        platform={platform}
        isOpen={(index === blamed) !== turned.has(token)}
        toggle={() =>
          void navigate({
            to: ".",
            search: (now: Search) => toggledFrame(now, token),
            replace: true,
            resetScroll: false,
          })
        }
      />
    );
  };
  return (
    <ol className="overflow-hidden rounded-lg border border-line">
      {frameRuns(stack.frames, view, newestFrameFirst).map((run) =>
        run.kind === "frame" ? (
          row(run.frame, run.index)
        ) : (
          <FoldedRun key={`run-${run.frames[0]?.index}`} words={run.words}>
            {() => run.frames.map(({ frame, index }) => row(frame, index))}
          </FoldedRun>
        ),
      )}
    </ol>
  );
}

/** Frames of others between one's own. */
function FoldedRun({ words, children }: { words: string; children: () => React.ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <li className={classes("border-b border-line bg-sunken", !isOpen && "last:border-0")}>
        <button
          type="button"
          data-frame
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="w-full px-2 py-1 ps-7 text-start text-xs text-muted -outline-offset-2! hover:bg-hover hover:text-text max-md:min-h-11"
        >
          {words}
        </button>
      </li>
      {isOpen && children()}
    </>
  );
}
