import { useEffect, useState } from "react";
import { type LastChange, lastChange } from "../api/last-change";
import { undoLastChange } from "../api/undo";
import { useCommands } from "../commands";
import { showError, showToast, undoShown } from "../parts/toasts";
import { plural, t } from "../words";

/** So long after a change a page that is loaded anew offers by itself to take it back. */
const offeredMs = 60_000;
let isOffered = false;

/** What was changed last can be taken back by its key after the note of it is gone, and after a reload. */
export function useLastChange(org: string): void {
  const [last, setLast] = useState<LastChange>();
  const takeBack = async (change: LastChange) => {
    try {
      const restored = await undoLastChange(change);
      showToast({ text: plural(restored, t("issue is as before"), t("issues are as before")) });
    } catch (error) {
      showError(error);
    }
  };
  useEffect(() => {
    const change = lastChange(org);
    if (isOffered || !change || change.at > performance.timeOrigin) return;
    isOffered = true;
    if (Date.now() - change.at < offeredMs) {
      showToast({ text: change.text, undo: () => void takeBack(change) });
    }
  }, [org]);
  // What the palette names is what there was when it was opened; the key looks anew.
  useEffect(() => {
    const look = () => {
      const next = lastChange(org);
      setLast((before) => (before?.at === next?.at ? before : next));
    };
    look();
    addEventListener("keydown", look, { capture: true, passive: true });
    return () => removeEventListener("keydown", look, { capture: true });
  }, [org]);
  useCommands([
    {
      id: "issues.undo",
      title: last ? t("Undo: {what}", { what: last.text }) : t("Undo"),
      keys: "u",
      group: t("Issues"),
      disabled: !last,
      run: () => {
        const change = lastChange(org);
        if (!undoShown() && change) void takeBack(change);
      },
    },
  ]);
}
