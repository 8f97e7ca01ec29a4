import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { attempt } from "../parts/attempt";
import { Button } from "../parts/button";
import { Card } from "../parts/card";
import { ErrorBox } from "../parts/error-box";
import { TextArea } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { SaveButton } from "../parts/save-button";
import { SkeletonRows } from "../parts/skeleton";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import { ProjectSettings } from "./project-settings";
import { changeOwnership, type Ownership, ownership } from "./queries";
import { SavedCheck } from "./saved-check";

type Shown = { org: string; slug: string; mayWrite: boolean };

/** Who looks after what in a project, so that new issues are somebody's at once. */
export function Page() {
  return (
    <ProjectSettings
      title={t("Ownership")}
      help={t("Who looks after which part of the code. A new issue is given to them at once.")}
    >
      {({ org, project, mayWrite }) => <Rules org={org} slug={project.slug} mayWrite={mayWrite} />}
    </ProjectSettings>
  );
}

function Rules(shown: Shown) {
  const found = useQuery(ownership(shown.org, shown.slug));
  if (!found.data && found.isError) {
    return <ErrorBox error={found.error} retry={() => void found.refetch()} />;
  }
  if (!found.data) return <SkeletonRows rows={4} height="44px" />;
  return (
    <>
      <RulesCard {...shown} raw={found.data.raw} />
      <AssignCard
        {...shown}
        autoAssignment={found.data.autoAssignment}
        fallthrough={found.data.fallthrough}
      />
    </>
  );
}

const CodeownersDialog = lazy(async () => ({
  default: (await import("./codeowners-dialog")).CodeownersDialog,
}));

const rowsOf = (text: string) => Math.min(20, Math.max(6, text.split("\n").length + 1));

function RulesCard({ org, slug, mayWrite, raw }: Shown & Pick<Ownership, "raw">) {
  // What is imported stands in the field at once; what one saves oneself stands there already.
  const [text, setText] = useState(raw);
  const [isImporting, setImporting] = useState(false);
  const save = async (values: FormData) => {
    await changeOwnership(org, slug, { raw: textOf(values, "raw") });
    showToast({ text: t("Saved. New issues follow it within a minute.") });
  };
  const keep = async (next: string) => {
    await changeOwnership(org, slug, { raw: next });
    setText(next);
  };
  const add = async (rules: string) => {
    await keep(raw === "" ? rules : `${rules}\n${raw}`);
    const undo = () => void attempt(() => keep(raw));
    showToast({ text: t("Saved. New issues follow it within a minute."), undo });
  };
  return (
    <Card
      title={t("Rules")}
      help={t(
        "One a line: what it is about, then a #team that has the project, or the address of a member. The last line that an event meets decides; whoever stands first in it gets the issue.",
      )}
    >
      <Form key={text} send={save} label={t("Rules of ownership")}>
        {({ busy, trouble }) => (
          <>
            <TextArea
              name="raw"
              label={t("Rules")}
              hideLabel
              help={t(
                "path:src/billing #payments · path:**/*.sql db@example.com · module:shop.cart.* #cart · url:*/checkout* #cart · tags.server_name:eu-* #ops. Paths and modules are of your own frames.",
              )}
              className="font-mono"
              defaultValue={text}
              rows={rowsOf(text)}
              spellCheck={false}
              disabled={!mayWrite}
              error={trouble.of("raw")}
            />
            <div className="flex flex-wrap gap-2">
              <SaveButton busy={busy} mayWrite={mayWrite} />
              {mayWrite && (
                <Button onClick={() => setImporting(true)}>{t("Import CODEOWNERS")}</Button>
              )}
            </div>
          </>
        )}
      </Form>
      {isImporting && (
        <Suspense>
          <CodeownersDialog org={org} slug={slug} keep={add} close={() => setImporting(false)} />
        </Suspense>
      )}
    </Card>
  );
}

type Switches = Pick<Ownership, "autoAssignment" | "fallthrough">;

function AssignCard({ org, slug, mayWrite, ...now }: Shown & Switches) {
  const check = { mayWrite, said: t("Saved") };
  const change = (switches: Partial<Switches>) => changeOwnership(org, slug, switches);
  return (
    <Card title={t("What they do")}>
      <div className="grid gap-4">
        <SavedCheck
          {...check}
          label={t("Give new issues to whom a rule names")}
          help={t(
            "Whoever has an issue, or gave it back, keeps it so: rules give each issue once. Switched off, they only suggest.",
          )}
          isOn={now.autoAssignment !== "Turn off Auto-Assignment"}
          set={(isOn) =>
            change({
              autoAssignment: isOn ? "Auto Assign to Issue Owner" : "Turn off Auto-Assignment",
            })
          }
        />
        <SavedCheck
          {...check}
          label={t("Suggest all teams where no rule names anybody")}
          help={t("New issues that no rule is about are suggested to the teams of the project.")}
          isOn={now.fallthrough}
          set={(fallthrough) => change({ fallthrough })}
        />
      </div>
    </Card>
  );
}
