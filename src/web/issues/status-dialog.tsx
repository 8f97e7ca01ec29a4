import { useState } from "react";
import type { StatusChange } from "../api/undo";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { Field } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { Radios } from "../parts/radios";
import { t } from "../words";
import { type Answers, type Asking, changeOfAnswers } from "./status-choices";

type Kind = Answers["kind"];
type Asked = { value: Kind; label: string; field: string; type: string; help: string };

const asked: Record<Asking, readonly Asked[]> = {
  resolve: [
    {
      value: "release",
      label: t("In a release"),
      field: t("Version"),
      type: "text",
      help: t("As events name it. A later one brings the issue back."),
    },
    {
      value: "commit",
      label: t("In a commit"),
      field: t("Commit"),
      type: "text",
      help: t("It is noted. What happens from now on brings the issue back."),
    },
  ],
  mute: [
    {
      value: "events",
      label: t("Events"),
      field: t("Until so many more events"),
      type: "number",
      help: "",
    },
    {
      value: "people",
      label: t("People"),
      field: t("Until so many people have it"),
      type: "number",
      help: t("Counted from now on, whoever had it before."),
    },
    { value: "moment", label: t("A time"), field: t("Until"), type: "datetime-local", help: "" },
  ],
};

/** Asks what is to end a status, where none of the menu's ways is meant. */
export function StatusDialog({
  asking,
  what,
  set,
  close,
}: {
  asking: Asking;
  /** Which issues, in words. */
  what: string;
  /** Faults as the API does. */
  set: (change: StatusChange) => Promise<void>;
  close: () => void;
}) {
  const options = asked[asking];
  const [kind, setKind] = useState<Kind>(options[0]?.value ?? "release");
  const shown = options.find(({ value }) => value === kind);
  const action = asking === "resolve" ? t("Resolve") : t("Mute");
  return (
    <Dialog title={t("{action} {what}", { action, what })} close={close}>
      <Form
        send={async (values) => {
          const [value, within] = [textOf(values, "value"), textOf(values, "within")];
          await set(changeOfAnswers({ kind, value, within }));
          close();
        }}
      >
        {({ busy }) => (
          <>
            <Radios
              label={asking === "resolve" ? t("Resolved") : t("Muted until")}
              value={kind}
              options={options}
              choose={setKind}
            />
            {shown && (
              <Field
                key={kind}
                label={shown.field}
                name="value"
                type={shown.type}
                required
                {...(shown.type === "number" && { min: 1, max: 10_000 })}
                {...(shown.type === "text" && { maxLength: 200 })}
                {...(shown.help && { help: shown.help })}
              />
            )}
            {(kind === "events" || kind === "people") && (
              <Field
                label={t("Within minutes (optional)")}
                name="within"
                type="number"
                min={1}
                max={10_080}
                help={t("Only so many within so short a time; at most a week.")}
              />
            )}
            {kind === "commit" && (
              <Field label={t("Repository (optional)")} name="within" maxLength={200} />
            )}
            <div className="flex justify-end gap-2">
              <Button onClick={close}>{t("Cancel")}</Button>
              <Button type="submit" kind="primary" busy={busy}>
                {action}
              </Button>
            </div>
          </>
        )}
      </Form>
    </Dialog>
  );
}
