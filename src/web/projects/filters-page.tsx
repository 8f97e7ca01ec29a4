import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { attempt } from "../parts/attempt";
import { Card } from "../parts/card";
import { ErrorBox } from "../parts/error-box";
import { Check, TextArea } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { SaveButton } from "../parts/save-button";
import { SkeletonRows } from "../parts/skeleton";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import { browsersOf, filterLists, filterWords, legacyBrowsers, optionWords } from "./filter-words";
import { ProjectSettings } from "./project-settings";
import {
  changeProject,
  type InboundFilter,
  inboundFilters,
  type Project,
  setFilter,
} from "./queries";
import { SavedCheck } from "./saved-check";

type Shown = { org: string; project: Project; mayWrite: boolean };

/** Which events are dropped before they become issues, and what for. */
export function Page() {
  return (
    <ProjectSettings
      title={t("Inbound filters")}
      help={t(
        "Events that nobody wants to see are dropped as they come, and counted as filtered. What is there stays.",
      )}
    >
      {(shown) => (
        <>
          <SwitchesCard {...shown} />
          <ListsCard {...shown} />
        </>
      )}
    </ProjectSettings>
  );
}

function SwitchesCard(shown: Shown) {
  const { org, project } = shown;
  const found = useQuery(inboundFilters(org, project.slug));
  return (
    <Card title={t("Common noise")} help={t("Each is off until somebody switches it on.")}>
      {!found.data && found.isError ? (
        <ErrorBox error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <SkeletonRows rows={5} height="44px" />
      ) : (
        <div className="grid gap-4">
          {found.data.map((filter) => (
            <FilterSwitch key={filter.id} {...shown} filter={filter} />
          ))}
          {optionWords.map(({ name, label, help }) => (
            <OptionSwitch key={name} {...shown} name={name} label={label} help={help} />
          ))}
        </div>
      )}
    </Card>
  );
}

function FilterSwitch({ org, project, mayWrite, filter }: Shown & { filter: InboundFilter }) {
  const { label, help } = filterWords[filter.id];
  const isOn = filter.active !== false;
  return (
    <div className="grid gap-2">
      <SavedCheck
        label={label}
        help={help}
        isOn={isOn}
        mayWrite={mayWrite}
        set={(active) => setFilter(org, project.slug, filter.id, { active })}
        said={t("Saved. It counts within a minute.")}
      />
      {filter.id === "legacy-browsers" && isOn && (
        <Browsers org={org} project={project} mayWrite={mayWrite} filter={filter} />
      )}
    </div>
  );
}

function Browsers({ org, project, mayWrite, filter }: Shown & { filter: InboundFilter }) {
  const [pending, setPending] = useState<ReadonlySet<string>>();
  const chosen = pending ?? browsersOf(filter.active);
  const toggle = async (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setPending(next);
    await attempt(() => setFilter(org, project.slug, filter.id, { subfilters: [...next] }));
    setPending(undefined);
  };
  return (
    <fieldset
      className="grid gap-x-4 gap-y-1 ps-6 sm:grid-cols-2"
      disabled={!mayWrite || pending !== undefined}
    >
      <legend className="sr-only">{t("Which browsers")}</legend>
      {legacyBrowsers.map(({ id, label }) => (
        <Check key={id} label={label} checked={chosen.has(id)} onChange={() => void toggle(id)} />
      ))}
    </fieldset>
  );
}

function OptionSwitch({
  org,
  project,
  mayWrite,
  name,
  label,
  help,
}: Shown & (typeof optionWords)[number]) {
  return (
    <SavedCheck
      label={label}
      help={help}
      isOn={project.options[name]}
      mayWrite={mayWrite}
      set={(isOn) => changeProject(org, project.slug, { options: { [name]: isOn } })}
      said={t("Saved. It counts within a minute.")}
    />
  );
}

const rowsOf = (text: string) => Math.min(12, Math.max(3, text.split("\n").length + 1));

function ListsCard({ org, project, mayWrite }: Shown) {
  const save = async (values: FormData) => {
    const options = Object.fromEntries(filterLists.map(({ name }) => [name, textOf(values, name)]));
    await changeProject(org, project.slug, { options });
    showToast({ text: t("Saved. It counts within a minute.") });
  };
  return (
    <Card
      title={t("What this project does not want")}
      help={t(
        "One a line. Patterns are of the whole text, in any case: * is any text, ? any letter, {a,b} one of some.",
      )}
    >
      <Form send={save} label={t("Lists of filters")}>
        {({ busy, trouble }) => (
          <>
            {filterLists.map(({ name, label, help }) => (
              <TextArea
                key={name}
                name={name}
                label={label}
                help={help}
                className="font-mono"
                defaultValue={project.options[name]}
                rows={rowsOf(project.options[name])}
                spellCheck={false}
                disabled={!mayWrite}
                error={trouble.of(name)}
              />
            ))}
            <SaveButton busy={busy} mayWrite={mayWrite} />
          </>
        )}
      </Form>
    </Card>
  );
}
