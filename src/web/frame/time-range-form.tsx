import { useState } from "react";
import { Button } from "../parts/button";
import { Field } from "../parts/field";
import { t } from "../words";
import { parseRange, type TimeRange } from "./periods";

/** A range as one types or pastes it. */
export function TimeRangeForm({
  filters,
  choose,
}: {
  filters: TimeRange;
  choose: (range: TimeRange) => void;
}) {
  const given = filters.start
    ? `${filters.start} to ${filters.end ?? "now"}`
    : (filters.statsPeriod ?? "");
  const [text, setText] = useState(given);
  const [error, setError] = useState<string>();
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        const range = parseRange(text, Date.now());
        if (range) choose(range);
        else setError(t("This is no range of time."));
      }}
    >
      <Field
        label={t("Range")}
        help={t(
          "15m, 7d, yesterday, 2026-01-31 14:00 to 15:00, ISO or Unix times; UTC where no zone is named.",
        )}
        error={error}
        value={text}
        autoFocus
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value);
          setError(undefined);
        }}
      />
      <div className="flex justify-end">
        <Button kind="primary" type="submit">
          {t("Show")}
        </Button>
      </div>
    </form>
  );
}
