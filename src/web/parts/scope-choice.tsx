import { useState } from "react";
import { t } from "../words";
import { ErrorLine } from "./error-box";
import { Check } from "./field";
import { Radios } from "./radios";
import { presetOf, presets, type Scope, scopeGroups } from "./token-scopes";

type Chosen = { scopes: ReadonlySet<Scope>; choose: (scopes: ReadonlySet<Scope>) => void };

const ownChoice = "own";

/** What a token is for: one of the usual purposes, or scope by scope. */
export function ScopeChoice({ scopes, choose }: Chosen) {
  const [isOpen, setOpen] = useState(false);
  const preset = presetOf(scopes) ?? ownChoice;
  const help = presets.find(({ id }) => id === preset)?.help;
  return (
    <>
      <Radios
        label={t("What it is for")}
        help={t(help ?? "The scopes that you chose below.")}
        value={preset}
        options={[
          ...presets.map(({ id, label }) => ({ value: id, label: t(label) })),
          { value: ownChoice, label: t("Own choice") },
        ]}
        choose={(id) => {
          const found = presets.find((one) => one.id === id);
          if (found) choose(new Set(found.scopes));
          else setOpen(true);
        }}
      />
      <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className="font-medium max-md:min-h-11">
          {t("{n} scopes", { n: scopes.size })}
        </summary>
        <EachScope scopes={scopes} choose={choose} />
      </details>
      {scopes.size === 0 && <ErrorLine>{t("Choose at least one scope.")}</ErrorLine>}
    </>
  );
}

function EachScope({ scopes, choose }: Chosen) {
  return (
    <div className="mt-2 grid gap-4 md:grid-cols-2">
      {scopeGroups.map((group) => (
        <fieldset key={group.label} className="grid content-start gap-1">
          <legend className="mb-1 text-xs text-muted">{t(group.label)}</legend>
          {group.scopes.map(({ scope, help }) => (
            <Check
              key={scope}
              label={scope}
              help={t(help)}
              checked={scopes.has(scope)}
              onChange={({ target }) => {
                const others = [...scopes].filter((one) => one !== scope);
                choose(new Set(target.checked ? [...others, scope] : others));
              }}
            />
          ))}
        </fieldset>
      ))}
    </div>
  );
}
