import { lazy, Suspense, useRef, useState } from "react";
import { Button } from "../parts/button";
import { Card } from "../parts/card";
import { TextArea } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { SaveButton } from "../parts/save-button";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import {
  changeProject,
  type GroupingPreview as Preview,
  type Project,
  previewGrouping,
} from "./queries";

const RegroupForm = lazy(async () => ({
  default: (await import("./regroup-form")).RegroupForm,
}));
const GroupingPreview = lazy(async () => ({
  default: (await import("./grouping-preview")).GroupingPreview,
}));

type Props = { org: string; project: Project; mayWrite: boolean };

const rowsOf = (text: string) => Math.min(16, Math.max(4, text.split("\n").length + 1));

/** The project's own rules, where the built-in grouping puts together too much or too little. */
export function GroupingRulesCard({ org, project, mayWrite }: Props) {
  const { fingerprintingRules, groupingEnhancements } = project;
  const [preview, setPreview] = useState<Preview>();
  const isTrying = useRef(false);
  const send = async (values: FormData) => {
    const rules = {
      fingerprintingRules: textOf(values, "fingerprintingRules"),
      groupingEnhancements: textOf(values, "groupingEnhancements"),
    };
    const isTried = isTrying.current;
    isTrying.current = false;
    setPreview(undefined);
    if (isTried) {
      setPreview(await previewGrouping(org, project.slug, rules));
      return;
    }
    await changeProject(org, project.slug, rules);
    showToast({ text: t("Saved. New events follow it within a minute.") });
  };
  return (
    <Card
      title={t("Rules of grouping")}
      help={t(
        "For where the built-in grouping puts too much into one issue, or too little. Issues that are there stay as they are.",
      )}
    >
      <Form send={send} label={t("Rules of grouping")}>
        {({ busy, trouble }) => (
          <>
            <TextArea
              name="fingerprintingRules"
              label={t("Fingerprint rules")}
              help={t(
                'One a line, the first that an event meets decides: type:DbDown tags.region:"eu-*" -> database, {{ transaction }}. Conditions: type, value, message, level, logger, release, sdk, tags.…, path, module, function, package, family, app; ! before one turns it around.',
              )}
              className="font-mono"
              defaultValue={fingerprintingRules}
              rows={rowsOf(fingerprintingRules)}
              spellCheck={false}
              disabled={!mayWrite}
              error={trouble.of("fingerprintingRules")}
            />
            <TextArea
              name="groupingEnhancements"
              label={t("Stack-trace rules")}
              help={t(
                "One a line, all are followed: path:**/generated/** -group, function:assert_* ^-group -app, module:app.* +app. They say whose code a frame is and whether it groups, under version g2.",
              )}
              className="font-mono"
              defaultValue={groupingEnhancements}
              rows={rowsOf(groupingEnhancements)}
              spellCheck={false}
              disabled={!mayWrite}
              error={trouble.of("groupingEnhancements")}
            />
            <div className="flex flex-wrap gap-2">
              <SaveButton busy={busy} mayWrite={mayWrite} />
              <Button
                type="submit"
                disabled={!mayWrite}
                onClick={() => {
                  isTrying.current = true;
                }}
              >
                {t("Preview")}
              </Button>
            </div>
            {preview && (
              <Suspense>
                <GroupingPreview org={org} preview={preview} />
              </Suspense>
            )}
          </>
        )}
      </Form>
      {mayWrite && project.groupingConfig === "g2" && !project.groupingSwitchedAt && (
        <Suspense>
          <RegroupForm org={org} slug={project.slug} />
        </Suspense>
      )}
    </Card>
  );
}
