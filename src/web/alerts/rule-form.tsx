import { Plus, X } from "lucide-react";
import { useState } from "react";
import { Button } from "../parts/button";
import { Check, Choice, Field } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { t } from "../words";
import type { Rule, RuleInput } from "./queries";
import { type RecipientType, recipientLabel, recipientTypes } from "./rule-words";

type Draft = Omit<Rule["alertRecipients"][number], "id"> & { key: number };

/** What the API takes in one rule. */
const recipientsMax = 50;
const smallMax = 32_767;
const urlCharsMax = 2000;

const zulipFields = [
  { name: "bot_email", label: "Address of the bot" },
  { name: "api_key", label: "API key of the bot" },
  { name: "channel", label: "Channel" },
  { name: "topic", label: "Topic" },
];

const mail = (key: number): Draft => ({
  key,
  recipientType: "email",
  url: "",
  tagsToAdd: [],
  config: null,
});

/** A rule as the sentence that it is; what is typed stays where the API refuses it. */
export function RuleForm({
  rule,
  save,
  close,
}: {
  rule?: Rule;
  save: (rule: RuleInput) => Promise<unknown>;
  close: () => void;
}) {
  const [recipients, setRecipients] = useState<Draft[]>(
    () => rule?.alertRecipients.map(({ id, ...one }) => ({ ...one, key: id })) ?? [mail(0)],
  );
  const [lastKey, setLastKey] = useState(0);
  const change = (key: number, to: Partial<Draft>) =>
    setRecipients(recipients.map((one) => (one.key === key ? { ...one, ...to } : one)));
  const add = () => {
    // Keys of kept recipients are their ids, which are above zero.
    setRecipients([...recipients, mail(lastKey - 1)]);
    setLastKey(lastKey - 1);
  };
  const send = async (values: FormData) => {
    const quantity = textOf(values, "quantity");
    await save({
      name: textOf(values, "name"),
      quantity: quantity === "" ? null : Number(quantity),
      timespanMinutes: quantity === "" ? null : Number(textOf(values, "timespanMinutes")),
      uptime: values.get("uptime") !== null,
      alertRecipients: recipients.map(({ key: _, ...one }) => one),
    });
    close();
  };
  return (
    <Form send={send} label={t("Alert rule")}>
      {({ busy, trouble }) => (
        <>
          <Field
            name="name"
            label={t("Name")}
            help={t("Stands in the subject of mails.")}
            defaultValue={rule?.name ?? ""}
            maxLength={255}
            autoComplete="off"
            error={trouble.of("name")}
          />
          <fieldset className="flex flex-wrap items-center gap-2">
            <legend className="mb-1 font-medium">{t("When")}</legend>
            {t("an issue gets")}
            <Field
              name="quantity"
              label={t("Number of events")}
              hideLabel
              type="number"
              inputMode="numeric"
              min={1}
              max={smallMax}
              className="w-24!"
              defaultValue={rule ? (rule.quantity ?? "") : 20}
              error={trouble.of("quantity")}
            />
            {t("events or more within")}
            <Field
              name="timespanMinutes"
              label={t("Minutes")}
              hideLabel
              type="number"
              inputMode="numeric"
              min={1}
              max={smallMax}
              required
              className="w-24!"
              defaultValue={rule?.timespanMinutes ?? 10}
              error={trouble.of("timespanMinutes")}
            />
            {t("minutes")}
          </fieldset>
          <Check
            name="uptime"
            label={t("also when a monitor goes down or comes back")}
            defaultChecked={rule?.uptime ?? false}
          />
          <fieldset className="grid gap-3">
            <legend className="mb-1 font-medium">{t("Then send to")}</legend>
            {recipients.length === 0 && (
              <p className="text-muted">
                {t("Nobody in particular: the members of its teams are mailed.")}
              </p>
            )}
            {recipients.map((one) => (
              <RecipientFields
                key={one.key}
                recipient={one}
                change={(to) => change(one.key, to)}
                remove={() => setRecipients(recipients.filter(({ key }) => key !== one.key))}
              />
            ))}
            {recipients.length < recipientsMax && (
              <div>
                <Button icon={Plus} onClick={add}>
                  {t("Add a recipient")}
                </Button>
              </div>
            )}
          </fieldset>
          <div className="flex justify-end gap-2">
            <Button onClick={close}>{t("Cancel")}</Button>
            <Button type="submit" kind="primary" busy={busy}>
              {rule ? t("Save") : t("Create rule")}
            </Button>
          </div>
        </>
      )}
    </Form>
  );
}

function RecipientFields({
  recipient: { recipientType, url, config },
  change,
  remove,
}: {
  recipient: Draft;
  change: (to: Partial<Draft>) => void;
  remove: () => void;
}) {
  const name = recipientLabel(recipientType);
  const entries = new Map(Object.entries(config ?? {}));
  return (
    <div className="grid gap-2 rounded-lg border border-line p-2">
      <div className="flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <Choice
            label={t("Recipient")}
            hideLabel
            value={recipientType}
            onChange={(event) => change({ recipientType: event.target.value as RecipientType })}
            options={recipientTypes.map(({ value, label }) => ({ value, label: t(label) }))}
          />
        </div>
        <Button kind="quiet" icon={X} iconOnly onClick={remove}>
          {t("Remove {name}", { name })}
        </Button>
      </div>
      {recipientType === "email" ? (
        <p className="text-xs text-muted">
          {t("The members of the project's teams who want mail of it.")}
        </p>
      ) : (
        <Field
          label={t("Address of {name}", { name })}
          help={t("Public and http or https; whoever has it can post there, so it is kept secret.")}
          type="url"
          value={url}
          onChange={(event) => change({ url: event.target.value })}
          required
          maxLength={urlCharsMax}
          spellCheck={false}
          autoComplete="off"
        />
      )}
      {recipientType === "zulip" &&
        zulipFields.map((field) => (
          <Field
            key={field.name}
            label={t(field.label)}
            value={entries.get(field.name) ?? ""}
            maxLength={urlCharsMax}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) =>
              change({
                config: Object.fromEntries(entries.set(field.name, event.target.value)),
              })
            }
          />
        ))}
    </div>
  );
}
