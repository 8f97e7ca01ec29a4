import { useState } from "react";
import { ApiFault } from "../api/fault";
import { Badge, type Tone } from "../parts/badge";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { Menu } from "../parts/menu";
import { showToast } from "../parts/toasts";
import { plural, t } from "../words";
import {
  changeRule,
  createRule,
  deleteRule,
  type Rule,
  type TestResult,
  testRule,
} from "./queries";
import { RuleForm } from "./rule-form";
import { recipientLabel, ruleSentence } from "./rule-words";

/** Rules are stored today, and nothing evaluates them: whoever relies on one must know. */
export const NotYet = () => (
  <p className="rounded-sm bg-info-tint px-3 py-2 text-info">
    {t("Rules are kept and can be edited, but this version sends no alerts yet.")}
  </p>
);

type Around = { org: string; project: string; mayWrite: boolean };

export function RuleList({ org, project, rules, mayWrite }: Around & { rules: Rule[] }) {
  return (
    <ul className="grid gap-3">
      {rules.map((rule) => (
        <RuleRow key={rule.id} org={org} project={project} rule={rule} mayWrite={mayWrite} />
      ))}
    </ul>
  );
}

const say = (error: unknown) =>
  showToast({
    text: error instanceof ApiFault ? error.detail : t("It did not work."),
    isError: true,
  });

function RuleRow({ org, project, rule, mayWrite }: Around & { rule: Rule }) {
  const [isEditing, setEditing] = useState(false);
  const [results, setResults] = useState<TestResult[]>();
  const [busy, setBusy] = useState(false);
  const name = rule.name || t("Rule {id}", { id: String(rule.id) });
  const test = async () => {
    setBusy(true);
    try {
      setResults(await testRule(org, project, rule.id));
    } catch (error) {
      say(error);
    } finally {
      setBusy(false);
    }
  };
  const remove = async () => {
    try {
      await deleteRule(org, project, rule.id);
      const { id: _, ...again } = rule;
      showToast({
        text: t("{name} is deleted", { name }),
        undo: () => void createRule(org, project, again).catch(say),
      });
    } catch (error) {
      say(error);
    }
  };
  return (
    <li className="card p-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0 flex-1 basis-64">
          <p className="font-medium">{name}</p>
          <p className="max-w-prose text-muted">{ruleSentence(rule)}</p>
        </div>
        {mayWrite && (
          <div className="flex flex-wrap gap-2">
            <Button busy={busy} onClick={() => void test()}>
              {t("Send a test")}
            </Button>
            <Button onClick={() => setEditing(true)}>{t("Edit")}</Button>
            <Menu
              label={t("More about {name}", { name })}
              button="⋯"
              align="end"
              items={[{ label: t("Delete"), danger: true, run: () => void remove() }]}
            />
          </div>
        )}
      </div>
      <div role="status">
        {results && <Results results={results} close={() => setResults(undefined)} />}
      </div>
      {isEditing && (
        <Dialog title={t("Edit {name}", { name })} close={() => setEditing(false)}>
          <RuleForm
            rule={rule}
            close={() => setEditing(false)}
            save={async (changed) => {
              await changeRule(org, project, rule.id, changed);
              showToast({ text: t("Saved") });
            }}
          />
        </Dialog>
      )}
    </li>
  );
}

const tones: Record<TestResult["status"], Tone> = { sent: "ok", error: "danger", skipped: "warn" };

function Results({ results, close }: { results: TestResult[]; close: () => void }) {
  return (
    <div className="mt-3 grid gap-2 rounded-sm bg-sunken p-3">
      <div className="flex items-center justify-between gap-2">
        <p className="font-medium">
          {results.length === 0
            ? t("The rule has no recipient that could be tested.")
            : t("Test to {recipients}", {
                recipients: plural(results.length, "recipient", "recipients"),
              })}
        </p>
        <Button kind="quiet" small onClick={close}>
          {t("Hide")}
        </Button>
      </div>
      <ul className="grid gap-1">
        {results.map(({ recipientType, status, message }, index) => (
          <li key={index} className="flex flex-wrap items-baseline gap-2">
            <Badge tone={tones[status]}>{t(status)}</Badge>
            <span className="font-medium">{recipientLabel(recipientType)}</span>
            <span className="min-w-0 text-muted">{message}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
