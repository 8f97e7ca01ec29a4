import { type ReactNode, useId } from "react";

/** One of a few, all of them seen. */
export function Radios<Value extends string>({
  label,
  help,
  value,
  options,
  choose,
}: {
  label: string;
  help?: ReactNode;
  value: Value;
  options: readonly { value: Value; label: string; help?: string }[];
  choose: (value: Value) => void;
}) {
  const id = useId();
  return (
    <fieldset aria-describedby={help ? `${id}-help` : undefined} className="grid gap-1">
      <legend className="mb-1 font-medium">{label}</legend>
      <div className="flex flex-wrap gap-x-6 gap-y-1 max-md:grid">
        {options.map((option) => (
          <label key={option.value} className="inline-flex items-center gap-2 max-md:min-h-11">
            <input
              type="radio"
              name={id}
              value={option.value}
              checked={option.value === value}
              onChange={() => choose(option.value)}
              className="size-4 shrink-0 accent-accent"
            />
            {option.label}
          </label>
        ))}
      </div>
      {help && (
        <p id={`${id}-help`} className="text-xs text-muted">
          {help}
        </p>
      )}
    </fieldset>
  );
}
