import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { t } from "../words";
import { Button } from "./button";
import { Field } from "./field";
import { Form } from "./form";

/** A layer over the page; the focus stays in it and goes back when it closes. On a phone it comes from below. */
export function Dialog({
  title,
  close,
  children,
  wide,
}: {
  title: string;
  close: () => void;
  children: ReactNode;
  wide?: boolean;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onClose={close}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onMouseDown={({ target }) => {
        if (target === dialog.current) close();
      }}
      className={`appear m-auto w-full rounded-lg border border-line bg-raised p-0 shadow-overlay max-md:mb-0 max-md:max-w-none max-md:rounded-b-none ${wide ? "max-w-3xl" : "max-w-lg"}`}
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 p-4">
        <header className="flex items-start justify-between gap-4">
          <h2 id={id} className="text-lg">
            {title}
          </h2>
          <Button kind="quiet" icon={X} iconOnly onClick={close}>
            {t("Close")}
          </Button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** Asks before what cannot be taken back. `typed` is a word that must be typed first, for what takes much along. */
export function ConfirmDialog({
  title,
  children,
  action,
  typed,
  run,
  close,
}: {
  title: string;
  /** What goes. */
  children: ReactNode;
  action: string;
  typed?: string;
  run: () => Promise<unknown>;
  close: () => void;
}) {
  const [word, setWord] = useState("");
  return (
    <Dialog title={title} close={close}>
      <Form
        send={async () => {
          await run();
          close();
        }}
      >
        {({ busy }) => (
          <>
            <div>{children}</div>
            {typed !== undefined && (
              <Field
                label={t("Type {word} to go on", { word: typed })}
                value={word}
                onChange={(event) => setWord(event.target.value)}
                autoComplete="off"
                spellCheck={false}
              />
            )}
            <div className="flex justify-end gap-2">
              <Button onClick={close}>{t("Cancel")}</Button>
              <Button
                type="submit"
                kind="danger"
                busy={busy}
                disabled={typed !== undefined && word !== typed}
              >
                {action}
              </Button>
            </div>
          </>
        )}
      </Form>
    </Dialog>
  );
}
