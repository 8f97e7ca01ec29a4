import { Card } from "../parts/card";
import { Field } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { SaveButton } from "../parts/save-button";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import { changeProject, type Project } from "./queries";

const hoursMax = 24 * 365;

/** When what is not seen any more counts as resolved. */
export function AgingCard({
  org,
  project,
  mayWrite,
}: {
  org: string;
  project: Project;
  mayWrite: boolean;
}) {
  const save = async (values: FormData) => {
    await changeProject(org, project.slug, { resolveAge: Number(textOf(values, "resolveAge")) });
    showToast({ text: t("Saved. It is looked at every hour.") });
  };
  return (
    <Card
      title={t("Old issues")}
      help={t("Issues that nobody sees any more are resolved, and open again when they come back.")}
    >
      <Form send={save} label={t("Old issues")}>
        {({ busy, trouble }) => (
          <>
            <Field
              name="resolveAge"
              label={t("Resolve after, hours")}
              help={t("Since an issue was seen last. 0: never. What people open again stays open.")}
              type="number"
              inputMode="numeric"
              min={0}
              max={hoursMax}
              required
              className="max-w-32"
              defaultValue={project.resolveAge}
              disabled={!mayWrite}
              error={trouble.of("resolveAge")}
            />
            <SaveButton busy={busy} mayWrite={mayWrite} />
          </>
        )}
      </Form>
    </Card>
  );
}
