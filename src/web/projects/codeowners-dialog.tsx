import { useState } from "react";
import { attempt } from "../parts/attempt";
import { Button } from "../parts/button";
import { CodeBlock } from "../parts/code-block";
import { Dialog } from "../parts/dialog";
import { Field, TextArea } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { plural, t } from "../words";
import { type ConvertedOwners, convertCodeowners } from "./queries";

const shownMax = 50;
const rowsShown = 10;

/** A file CODEOWNERS becomes rules: what they are, and what of it means nothing here, is seen before they are kept. */
export function CodeownersDialog({
  org,
  slug,
  keep,
  close,
}: {
  org: string;
  slug: string;
  /** Keeps rules before those that are there. */
  keep: (rules: string) => Promise<void>;
  close: () => void;
}) {
  const [found, setFound] = useState<ConvertedOwners>();
  const [isBusy, setBusy] = useState(false);
  const [sent, setSent] = useState({ raw: "", root: "" });
  const convert = async (values: FormData) => {
    const file = { raw: textOf(values, "raw"), root: textOf(values, "root") };
    setFound(await convertCodeowners(org, slug, file));
    setSent(file);
  };
  const add = async (rules: string) => {
    setBusy(true);
    const done = await attempt(() => keep(rules));
    setBusy(false);
    if (done) close();
  };
  return (
    <Dialog title={t("Import CODEOWNERS")} close={close} wide>
      {found === undefined ? (
        <Form send={convert} label={t("CODEOWNERS")}>
          {({ busy, trouble }) => (
            <>
              <TextArea
                name="raw"
                label={t("The file")}
                help={t(
                  "@company/payments and @payments are the team #payments, if it has the project; people are found by their address.",
                )}
                className="font-mono"
                defaultValue={sent.raw}
                rows={rowsShown}
                required
                spellCheck={false}
                error={trouble.of("raw")}
              />
              <Field
                name="root"
                label={t("Where the repository lies")}
                help={t(
                  "What stands before its folders in paths of stack traces, like /app/ or webpack:///./. Empty: nothing.",
                )}
                defaultValue={sent.root}
                spellCheck={false}
                error={trouble.of("root")}
              />
              <div className="flex justify-end gap-2">
                <Button onClick={close}>{t("Cancel")}</Button>
                <Button type="submit" kind="primary" busy={busy}>
                  {t("Convert")}
                </Button>
              </div>
            </>
          )}
        </Form>
      ) : (
        <>
          {found.rules > 0 ? (
            <div className="max-h-60 overflow-auto">
              <CodeBlock code={found.raw} label={t("Rules")} />
            </div>
          ) : (
            <p role="status">{t("No line of it became a rule.")}</p>
          )}
          <Left
            title={t("Nobody here")}
            rows={found.unmapped.map(({ name, lines }) =>
              t("{name}, line {lines}", { name, lines: lines.join(", ") }),
            )}
          />
          <Left
            title={t("Left out")}
            rows={found.skipped.map(({ line, reason }) =>
              t("line {line}: {reason}", { line, reason }),
            )}
          />
          <div className="flex justify-end gap-2">
            <Button onClick={() => setFound(undefined)}>{t("Back")}</Button>
            <Button
              kind="primary"
              busy={isBusy}
              disabled={found.rules === 0}
              onClick={() => void add(found.raw)}
            >
              {t("Add {rules}", { rules: plural(found.rules, t("rule"), t("rules")) })}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}

function Left({ title, rows }: { title: string; rows: string[] }) {
  if (rows.length === 0) return null;
  return (
    <section aria-label={title} className="grid gap-1">
      <h3>{title}</h3>
      <ul className="max-h-40 overflow-y-auto text-muted">
        {rows.slice(0, shownMax).map((row) => (
          <li key={row} className="wrap-anywhere">
            {row}
          </li>
        ))}
      </ul>
      {rows.length > shownMax && (
        <p className="text-muted">{t("and {count} more", { count: rows.length - shownMax })}</p>
      )}
    </section>
  );
}
