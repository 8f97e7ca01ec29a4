import { useState } from "react";
import { Button } from "../parts/button";
import { Choice } from "../parts/field";
import { showError, showToast } from "../parts/toasts";
import { plural, t } from "../words";
import { regroup, undoRegroup } from "./queries";

const days = ["7", "14", "30"] as const;

/** Groups what came lately by the saved rules, and takes that back. */
export function RegroupForm({ org, slug }: { org: string; slug: string }) {
  const [chosen, setChosen] = useState<string>(days[0]);
  const [busy, setBusy] = useState<"apply" | "undo">();
  const run = async (what: "apply" | "undo") => {
    setBusy(what);
    try {
      if (what === "undo") {
        await undoRegroup(org, slug);
        showToast({ text: t("The events are back in the issues where they were") });
        return;
      }
      const { done } = await regroup(org, slug, Number(chosen));
      showToast({
        text: t("Grouped anew: {events} changed their issue", {
          events: plural(done, "event", "events"),
        }),
        undo: () => void run("undo"),
      });
    } catch (error) {
      showError(error);
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <section
      aria-label={t("Apply to stored events")}
      className="mt-6 grid gap-2 border-t border-line pt-4"
    >
      <Choice
        label={t("Apply to stored events")}
        help={t(
          "Issues are split and merged as if the saved rules had been there; what people merged stays together. An issue goes on with the group that has most of its events. It can be taken back for 7 days.",
        )}
        className="max-w-60"
        value={chosen}
        onChange={(event) => setChosen(event.target.value)}
        options={days.map((value) => ({
          value,
          label: t("Of the last {days} days", { days: value }),
        }))}
      />
      <div className="flex flex-wrap gap-2">
        <Button
          busy={busy === "apply"}
          disabled={busy === "undo"}
          onClick={() => void run("apply")}
        >
          {t("Apply")}
        </Button>
        <Button
          kind="quiet"
          busy={busy === "undo"}
          disabled={busy === "apply"}
          onClick={() => void run("undo")}
        >
          {t("Put back")}
        </Button>
      </div>
    </section>
  );
}
