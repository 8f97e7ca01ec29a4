import { type ComponentProps, type ReactNode, useId, useState } from "react";
import { t } from "../words";
import { Button } from "./button";
import { classes } from "./classes";

type Around = {
  label: string;
  /** One line of help below. */
  help?: ReactNode;
  /** What is wrong with it. */
  error?: string | undefined;
  /** The label is read out only. */
  hideLabel?: boolean;
};

/** A label, a control, its help and what is wrong with it, joined for whoever cannot see them. */
export function Labelled({
  label,
  help,
  error,
  hideLabel,
  children,
}: Around & {
  children: (ids: { id: string; "aria-describedby"?: string; "aria-invalid"?: true }) => ReactNode;
}) {
  const id = useId();
  const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className="grid content-start gap-1">
      <label htmlFor={id} className={hideLabel ? "sr-only" : "font-medium"}>
        {label}
      </label>
      {children({
        id,
        ...(described && { "aria-describedby": described }),
        ...(error && { "aria-invalid": true }),
      })}
      {help && (
        <p id={`${id}-help`} className="text-xs text-muted">
          {help}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-xs text-danger">
          {error}
        </p>
      )}
    </div>
  );
}

export function Field({
  label,
  help,
  error,
  hideLabel,
  className,
  ...rest
}: Around & ComponentProps<"input">) {
  return (
    <Labelled label={label} help={help} hideLabel={hideLabel ?? false} error={error}>
      {(ids) => <input {...rest} {...ids} className={classes("field", className)} />}
    </Labelled>
  );
}

/** A password, which can be looked at while one types it. */
export function PasswordField({ label, help, error, ...rest }: Around & ComponentProps<"input">) {
  const [isShown, setShown] = useState(false);
  return (
    <Labelled label={label} help={help} error={error}>
      {(ids) => (
        <div className="flex gap-1">
          <input {...rest} {...ids} type={isShown ? "text" : "password"} className="field" />
          <Button aria-pressed={isShown} onClick={() => setShown(!isShown)}>
            {isShown ? t("Hide") : t("Show")}
          </Button>
        </div>
      )}
    </Labelled>
  );
}

export function TextArea({
  label,
  help,
  error,
  hideLabel,
  className,
  ...rest
}: Around & ComponentProps<"textarea">) {
  return (
    <Labelled label={label} help={help} hideLabel={hideLabel ?? false} error={error}>
      {(ids) => <textarea rows={4} {...rest} {...ids} className={classes("field", className)} />}
    </Labelled>
  );
}

/** One of some values, by the platform's own control. */
export function Choice({
  label,
  help,
  error,
  hideLabel,
  options,
  className,
  ...rest
}: Around & ComponentProps<"select"> & { options: readonly { value: string; label: string }[] }) {
  return (
    <Labelled label={label} help={help} hideLabel={hideLabel ?? false} error={error}>
      {(ids) => (
        <select {...rest} {...ids} className={classes("field", className)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

/** On or off. */
export function Check({
  label,
  help,
  ...rest
}: { label: string; help?: ReactNode } & ComponentProps<"input">) {
  const id = useId();
  return (
    <div className="grid gap-0.5">
      <label className="inline-flex items-start gap-2 max-md:min-h-11 max-md:items-center">
        <input
          type="checkbox"
          {...rest}
          {...(help ? { "aria-describedby": id } : {})}
          className="mt-0.5 size-4 shrink-0 accent-accent"
        />
        {label}
      </label>
      {help && (
        <p id={id} className="ps-6 text-xs text-muted">
          {help}
        </p>
      )}
    </div>
  );
}
