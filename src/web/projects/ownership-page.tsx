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
import { ProjectSettings } from "./project-settings";
import { changeOwnership, type Ownership, ownership } from "./queries";

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
      <AssignCard {...shown} autoAssignment={found.data.autoAssignment} />
    </>
  );
}

const rowsOf = (text: string) => Math.min(20, Math.max(6, text.split("\n").length + 1));

function RulesCard({ org, slug, mayWrite, raw }: Shown & Pick<Ownership, "raw">) {
  const save = async (values: FormData) => {
    await changeOwnership(org, slug, { raw: textOf(values, "raw") });
    showToast({ text: t("Saved. New issues follow it within a minute.") });
  };
  return (
    <Card
      title={t("Rules")}
      help={t(
        "One a line: what it is about, then a #team that has the project, or the address of a member. The last line that an event meets decides; whoever stands first in it gets the issue.",
      )}
    >
      <Form send={save} label={t("Rules of ownership")}>
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
              defaultValue={raw}
              rows={rowsOf(raw)}
              spellCheck={false}
              disabled={!mayWrite}
              error={trouble.of("raw")}
            />
            <SaveButton busy={busy} mayWrite={mayWrite} />
          </>
        )}
      </Form>
    </Card>
  );
}

function AssignCard({
  org,
  slug,
  mayWrite,
  autoAssignment,
}: Shown & Pick<Ownership, "autoAssignment">) {
  const [isBusy, setBusy] = useState(false);
  const isOn = autoAssignment !== "Turn off Auto-Assignment";
  const change = async (next: boolean, isUndo = false) => {
    setBusy(true);
    const done = await attempt(() =>
      changeOwnership(org, slug, {
        autoAssignment: next ? "Auto Assign to Issue Owner" : "Turn off Auto-Assignment",
      }),
    );
    if (done && !isUndo) {
      showToast({ text: t("Saved"), undo: () => void change(!next, true) });
    }
    setBusy(false);
  };
  return (
    <Card title={t("What they do")}>
      <Check
        label={t("Give new issues to whom a rule names")}
        help={t("Whoever has an issue, or gave it back, keeps it so: rules give each issue once.")}
        checked={isOn !== isBusy}
        disabled={!mayWrite || isBusy}
        onChange={({ target }) => void change(target.checked)}
      />
    </Card>
  );
}
