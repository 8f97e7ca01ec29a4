import { useState } from "react";
import { attempt } from "../parts/attempt";
import { Check } from "../parts/field";
import { showToast } from "../parts/toasts";

/** A box that is saved as soon as it is ticked, with the way back. */
export function SavedCheck({
  label,
  help,
  isOn,
  mayWrite,
  set,
  said,
}: {
  label: string;
  help: string;
  isOn: boolean;
  mayWrite: boolean;
  set: (isOn: boolean) => Promise<unknown>;
  /** What a person is shown when it is saved. */
  said: string;
}) {
  const [isBusy, setBusy] = useState(false);
  const change = async (next: boolean, isUndo = false) => {
    setBusy(true);
    if ((await attempt(() => set(next))) && !isUndo) {
      showToast({ text: said, undo: () => void change(!next, true) });
    }
    setBusy(false);
  };
  return (
    <Check
      label={label}
      help={help}
      checked={isOn !== isBusy}
      disabled={!mayWrite || isBusy}
      onChange={({ target }) => void change(target.checked)}
    />
  );
}
