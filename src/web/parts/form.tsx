import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { ApiFault } from "../api/fault";
import { ErrorLine } from "./error-box";

type Trouble = { general: string | undefined; of: (field: string) => string | undefined };

/**
 * A form whose fields have names: `send` gets them, and what it throws is shown at the fields that it names, the first
 * of which gets the focus, or above the buttons. What was typed stays. `⌘Enter` sends from anywhere in it.
 */
export function Form({
  send,
  children,
  className,
  label,
}: {
  send: (values: FormData) => Promise<unknown>;
  children: (state: { busy: boolean; trouble: Trouble }) => ReactNode;
  className?: string;
  label?: string;
}) {
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<ApiFault>();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || !form.current) return;
    setBusy(true);
    setFault(undefined);
    try {
      await send(new FormData(form.current));
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      setFault(error);
      const [first] = error.fields.keys();
      const control = first && form.current?.elements.namedItem(first);
      if (control instanceof HTMLElement) control.focus();
    } finally {
      setBusy(false);
    }
  };
  const names = new Set(
    [...(form.current?.elements ?? [])].map((element) => element.getAttribute("name")),
  );
  const isAtField = fault !== undefined && [...fault.fields.keys()].some((name) => names.has(name));
  const trouble: Trouble = {
    general: fault && !isAtField ? fault.detail : undefined,
    of: (field) => fault?.fields.get(field),
  };
  return (
    <form
      ref={form}
      aria-label={label}
      className={className ?? "grid gap-4"}
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey))
          form.current?.requestSubmit();
      }}
    >
      {children({ busy, trouble })}
      {trouble.general && <ErrorLine>{trouble.general}</ErrorLine>}
    </form>
  );
}

/** A text field's value, without blanks around it. */
export const textOf = (values: FormData, name: string): string => {
  const value = values.get(name);
  return typeof value === "string" ? value.trim() : "";
};

/** A password as it was typed: blanks belong to it. */
export const passwordOf = (values: FormData, name = "password"): string => {
  const value = values.get(name);
  return typeof value === "string" ? value : "";
};
