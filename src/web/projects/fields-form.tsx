import { TextArea } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { SaveButton } from "../parts/save-button";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import { linesOf } from "./lines";
import { changeProject, type Project } from "./queries";

type Props = { org: string; project: Project; mayWrite: boolean };

const fieldsMax = 100;
const rowsOf = (fields: string[]) => Math.min(8, Math.max(2, fields.length + 1));

/** Names of fields that hold secrets here, and of those that only look so. */
export function FieldsForm({ org, project, mayWrite }: Props) {
  const { sensitiveFields, safeFields } = project;
  const save = async (values: FormData) => {
    await changeProject(org, project.slug, {
      sensitiveFields: linesOf(textOf(values, "sensitiveFields"), fieldsMax),
      safeFields: linesOf(textOf(values, "safeFields"), fieldsMax),
    });
    showToast({ text: t("Saved. It counts within a minute.") });
  };
  return (
    <Form send={save} label={t("Fields")}>
      {({ busy, trouble }) => (
        <>
          <TextArea
            name="sensitiveFields"
            label={t("Sensitive fields")}
            help={t(
              "Names whose values are replaced, one a line, beside those of the organization: tenant_no also finds tenantNo and X-Tenant-No.",
            )}
            defaultValue={sensitiveFields.join("\n")}
            rows={rowsOf(sensitiveFields)}
            spellCheck={false}
            disabled={!mayWrite}
            error={trouble.of("sensitiveFields")}
          />
          <TextArea
            name="safeFields"
            label={t("Safe fields")}
            help={t(
              "Names, or ways like user.id and extra.cart.**, that stay as they are with all that is below.",
            )}
            defaultValue={safeFields.join("\n")}
            rows={rowsOf(safeFields)}
            spellCheck={false}
            disabled={!mayWrite}
            error={trouble.of("safeFields")}
          />
          <SaveButton busy={busy} mayWrite={mayWrite} />
        </>
      )}
    </Form>
  );
}
