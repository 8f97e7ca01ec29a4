import { useState } from "react";
import { keepLastChange } from "../api/last-change";
import { undoLastChange } from "../api/undo";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { Form } from "../parts/form";
import { Time } from "../parts/time";
import { showError, showToast } from "../parts/toasts";
import { formatNumber, plural, t } from "../words";
import { choicesOf } from "./merge-choice";
import { mergeIssues } from "./merge-queries";
import type { Merging } from "./merge-refusal";

/** Asks which of some issues stays, and makes them one. */
export function MergeDialog({
  org,
  of,
  merged,
  close,
}: {
  org: string;
  of: Merging;
  /** The others are gone from the list. */
  merged: (children: ReadonlySet<string>) => void;
  close: () => void;
}) {
  const choices = choicesOf(of);
  const [into, setInto] = useState(choices[0]?.id);
  return (
    <Dialog title={t("Merge {n} issues?", { n: formatNumber(of.ids.length) })} close={close}>
      <Form
        send={async () => {
          const { merge, job, undoId } = await mergeIssues(org, of.ids, into);
          const children = merge?.children ?? [];
          merged(new Set(children));
          close();
          const name = choices.find(({ id }) => id === merge?.parent)?.shortId;
          const what = plural(children.length + 1, "issue", "issues");
          const text = name
            ? t("{what} merged into {name}", { what, name })
            : t("{what} merged", { what });
          const undoIds = undoId === null ? [] : [undoId];
          keepLastChange({ org, undoIds, text });
          showToast({
            undo: () => void undoLastChange({ org, undoIds }).catch(showError),
            text:
              job?.state === "running"
                ? t("{text}; its events are still on their way", { text })
                : text,
          });
        }}
      >
        {({ busy }) => (
          <>
            {choices.length > 0 ? (
              <fieldset className="grid max-h-80 gap-1 overflow-y-auto">
                <legend className="mb-2 font-medium">{t("Which one stays?")}</legend>
                {choices.map(({ id, shortId, title, firstSeen, count }) => (
                  <label
                    key={id}
                    className="grid grid-cols-[auto_auto_minmax(0,1fr)_auto] items-center gap-2 rounded-sm px-1 py-1 hover:bg-hover max-md:min-h-11"
                  >
                    <input
                      type="radio"
                      name="into"
                      value={id}
                      checked={id === into}
                      onChange={() => setInto(id)}
                      className="size-4 accent-accent"
                    />
                    <span className="font-medium whitespace-nowrap">{shortId}</span>
                    <span className="truncate text-muted" dir="auto">
                      {title.slice(0, 200)}
                    </span>
                    <span className="numbers text-xs whitespace-nowrap text-muted">
                      {plural(Number(count), "event", "events")} · <Time at={firstSeen} short />
                    </span>
                  </label>
                ))}
              </fieldset>
            ) : (
              <p>{t("The oldest one stays.")}</p>
            )}
            <p className="text-muted">
              {t(
                "It gets all events, people and comments. Links to the others lead to it, and so does what happens again.",
              )}
            </p>
            <div className="flex justify-end gap-2">
              <Button onClick={close}>{t("Cancel")}</Button>
              <Button type="submit" kind="primary" busy={busy}>
                {t("Merge")}
              </Button>
            </div>
          </>
        )}
      </Form>
    </Dialog>
  );
}
