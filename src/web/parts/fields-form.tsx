import { t } from "../words";
import { TextArea } from "./field";
import { Form, textOf } from "./form";
import { linesOf } from "./lines";
import { SaveButton } from "./save-button";
import { showToast } from "./toasts";

type Fields = { sensitiveFields: string[]; safeFields: string[] };

const fieldsMax = 100;
const rowsOf = (fields: string[]) => Math.min(8, Math.max(2, fields.length + 1));

/** Names of fields that hold secrets here, of an organization or a project, and of those that only look so. */
export function FieldsForm({
  fields: { sensitiveFields, safeFields },
  besides,
  save,
  mayWrite,
}: {
  fields: Fields;
  /** Beside what these names are. */
  besides: string;
  save: (fields: Fields) => Promise<unknown>;
  mayWrite: boolean;
}) {
  const send = async (values: FormData) => {
    await save({
      sensitiveFields: linesOf(textOf(values, "sensitiveFields"), fieldsMax),
      safeFields: linesOf(textOf(values, "safeFields"), fieldsMax),
    });
    showToast({ text: t("Saved. It counts within a minute.") });
  };
  return (
    <Form send={send} label={t("Fields")}>
      {({ busy, trouble }) => (
        <>
          <TextArea
            name="sensitiveFields"
            label={t("Sensitive fields")}
            help={t(
              "Names whose values are replaced, one a line, beside {besides}: tenant_no also finds tenantNo and X-Tenant-No.",
              { besides },
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
