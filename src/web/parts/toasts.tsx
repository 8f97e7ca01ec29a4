import { X } from "lucide-react";
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from "react";
import { useCommands } from "../commands";
import { t } from "../words";
import { Button } from "./button";

type Toast = {
  id: number;
  text: string;
  /** Takes back what the toast tells of; `u` does it too. */
  undo?: () => void;
  /** Errors stay until somebody closes them. */
  isError?: boolean;
};

const shownMax = 3;
const shownMs = 8000;
let toasts: Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

const change = (next: Toast[]) => {
  toasts = next.slice(-shownMax);
  for (const listener of listeners) listener();
};

/** Tells what happened, at the lower left, for some seconds. */
export function showToast(toast: Omit<Toast, "id">): void {
  lastId += 1;
  change([...toasts, { ...toast, id: lastId }]);
}

/** Tells why something did not work. */
export const showError = (error: unknown): void =>
  showToast({ text: error instanceof Error ? error.message : String(error), isError: true });

const dismiss = (id: number) => change(toasts.filter((toast) => toast.id !== id));

/** Takes back what the latest note that can be taken back tells of; false where none is shown. */
export function undoShown(): boolean {
  const toast = toasts.findLast(({ undo }) => undo);
  if (!toast) return false;
  toast.undo?.();
  dismiss(toast.id);
  return true;
}

/** Notes, below what goes on for longer. */
export function Toasts({ children }: { children?: ReactNode }) {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  useCommands([
    {
      id: "toast.undo",
      title: t("Undo"),
      keys: "u",
      group: t("Everywhere"),
      disabled: !shown.some(({ undo }) => undo),
      run: () => void undoShown(),
    },
  ]);
  return (
    <div className="pointer-events-none fixed start-4 bottom-4 z-40 grid w-[calc(100%-2rem)] max-w-sm gap-2 max-md:bottom-20">
      {children}
      <div role="status" aria-live="polite" className="grid gap-2">
        {shown.map((toast) => (
          <ToastBox key={toast.id} toast={toast} />
        ))}
      </div>
    </div>
  );
}

function ToastBox({ toast }: { toast: Toast }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (toast.isError) return undefined;
    // Whoever points at it or has the focus in it reads on.
    const close = () => {
      if (box.current?.matches(":hover, :focus-within")) timer = setTimeout(close, 1000);
      else dismiss(toast.id);
    };
    let timer = setTimeout(close, shownMs);
    return () => clearTimeout(timer);
  }, [toast]);
  return (
    <div
      ref={box}
      className={`appear pointer-events-auto flex items-center gap-2 rounded-lg border bg-raised py-1 ps-3 pe-1 shadow-overlay ${toast.isError ? "border-danger" : "border-line"}`}
    >
      <p className="min-w-0 flex-1 py-1.5">{toast.text}</p>
      {toast.undo && (
        <Button
          kind="quiet"
          keys="u"
          onClick={() => {
            toast.undo?.();
            dismiss(toast.id);
          }}
        >
          {t("Undo")}
        </Button>
      )}
      <Button kind="quiet" icon={X} iconOnly onClick={() => dismiss(toast.id)}>
        {t("Close")}
      </Button>
    </div>
  );
}
