import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { ApiFault } from "../api/fault";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { Card } from "../parts/card";
import { CodeBlock } from "../parts/code-block";
import { ConfirmDialog, Dialog } from "../parts/dialog";
import { Empty } from "../parts/empty";
import { ErrorBox } from "../parts/error-box";
import { Choice, Field } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { SkeletonBlock } from "../parts/skeleton";
import { Time } from "../parts/time";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import { destinationOf } from "./dsn";
import { ProjectSettings } from "./project-settings";
import { changeKey, createKey, deleteKey, keys, type Project, type ProjectKey } from "./queries";
import { limitOf, limitWords, windows } from "./rate-limit";

/** The addresses that applications send to. */
export function Page() {
  return (
    <ProjectSettings
      title={t("Keys")}
      help={t(
        "A key is part of the DSN that an SDK is given. It only lets in: nobody can read with it. Changes count within a minute.",
      )}
    >
      {(shown) => <Keys key={shown.project.id} {...shown} />}
    </ProjectSettings>
  );
}

type Shown = { org: string; project: Project; mayWrite: boolean };

function Keys({ org, project, mayWrite }: Shown) {
  const list = useQuery(keys(org, project.slug));
  const [isMaking, setMaking] = useState(false);
  if (list.isError && !list.data)
    return <ErrorBox error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <SkeletonBlock height={240} />;
  return (
    <>
      {list.data.length === 0 && (
        <Empty>{t("No key: whatever is sent to the project is refused.")}</Empty>
      )}
      {list.data.map((key) => (
        <KeyCard key={key.id} org={org} slug={project.slug} shown={key} mayWrite={mayWrite} />
      ))}
      {mayWrite && (
        <div>
          <Button icon={Plus} onClick={() => setMaking(true)}>
            {t("New key")}
          </Button>
        </div>
      )}
      {isMaking && (
        <KeyDialog
          title={t("New key")}
          action={t("Create key")}
          save={async (values) => {
            await createKey(org, project.slug, values);
            showToast({ text: t("The key works within a minute") });
          }}
          close={() => setMaking(false)}
        />
      )}
    </>
  );
}

type One = { org: string; slug: string; shown: ProjectKey; mayWrite: boolean };

function KeyCard({ org, slug, shown, mayWrite }: One) {
  const [layer, setLayer] = useState<"edit" | "delete">();
  const { id, isActive } = shown;
  const name = shown.name || t("Key without a name");
  const { dsn, key, envelope, reports } = destinationOf(shown);
  const change = async (isOn: boolean, isUndo = false) => {
    try {
      await changeKey(org, slug, id, { isActive: isOn });
      if (isUndo) return;
      showToast({
        text: isOn
          ? t("{name} is enabled", { name })
          : t("{name} is disabled: what uses it is refused", { name }),
        undo: () => void change(!isOn, true),
      });
    } catch (error) {
      const detail = error instanceof ApiFault ? error.detail : t("It could not be saved.");
      showToast({ text: detail, isError: true });
    }
  };
  return (
    <Card
      title={name}
      help={
        <span className="flex flex-wrap items-center gap-2">
          <Badge tone={isActive ? "ok" : "neutral"}>{isActive ? t("active") : t("disabled")}</Badge>
          <span>{limitWords(shown.rateLimit)}</span>
          <span>
            {t("made")} <Time at={shown.dateCreated} />
          </span>
        </span>
      }
      actions={
        mayWrite && (
          <>
            <Button onClick={() => setLayer("edit")}>{t("Change")}</Button>
            <Button onClick={() => void change(!isActive)}>
              {isActive ? t("Disable") : t("Enable")}
            </Button>
            <Button kind="danger" onClick={() => setLayer("delete")}>
              {t("Delete")}
            </Button>
          </>
        )
      }
    >
      <div className="grid min-w-0 gap-3">
        <Address label={t("DSN")} text={dsn} />
        <details>
          <summary className="text-muted max-md:min-h-11">{t("Other addresses")}</summary>
          <div className="mt-3 grid min-w-0 gap-3">
            <Address
              label={t("Reports of browsers (report-uri of a content security policy)")}
              text={reports}
            />
            <Address label={t("Envelopes, for tools without an SDK")} text={envelope} />
            <Address label={t("Key")} text={key} />
            <Address label={t("For sentry-cli and containers")} text={`SENTRY_DSN=${dsn}`} />
          </div>
        </details>
      </div>
      {layer === "edit" && (
        <KeyDialog
          title={t("Change {name}", { name })}
          action={t("Save")}
          shown={shown}
          save={async (values) => {
            await changeKey(org, slug, id, values);
            showToast({ text: t("Saved. It counts within a minute.") });
          }}
          close={() => setLayer(undefined)}
        />
      )}
      {layer === "delete" && (
        <ConfirmDialog
          title={t("Delete {name}?", { name })}
          action={t("Delete the key")}
          close={() => setLayer(undefined)}
          run={async () => {
            await deleteKey(org, slug, id);
            showToast({ text: t("{name} is deleted", { name }) });
          }}
        >
          <p>
            {t(
              "What still sends with it is refused, and the same key cannot be made again. To stop it for a while, disable it instead.",
            )}
          </p>
        </ConfirmDialog>
      )}
    </Card>
  );
}

const Address = ({ label, text }: { label: string; text: string }) => (
  <div className="grid min-w-0 gap-1">
    <p className="text-xs text-muted">{label}</p>
    <CodeBlock label={label} code={text} />
  </div>
);

const countMax = 2_147_483_647;

function KeyDialog({
  title,
  action,
  shown,
  save,
  close,
}: {
  title: string;
  action: string;
  shown?: ProjectKey;
  save: (values: {
    name: string;
    rateLimit: { window: number; count: number } | null;
  }) => Promise<unknown>;
  close: () => void;
}) {
  const limit = shown?.rateLimit;
  const known = windows.some(({ value }) => Number(value) === limit?.window);
  return (
    <Dialog title={title} close={close}>
      <Form
        label={title}
        send={async (values) => {
          await save({
            name: textOf(values, "name"),
            rateLimit: limitOf(textOf(values, "count"), textOf(values, "window")),
          });
          close();
        }}
      >
        {({ busy, trouble }) => (
          <>
            <Field
              name="name"
              label={t("Name")}
              help={t("Where it is used: web, worker, staging …")}
              defaultValue={shown?.name ?? ""}
              required
              maxLength={64}
              autoComplete="off"
              error={trouble.of("name") ?? trouble.of("label")}
            />
            <div className="grid grid-cols-2 items-start gap-3">
              <Field
                name="count"
                label={t("At most")}
                help={t("Events. Empty: the limit that holds for all keys.")}
                type="number"
                inputMode="numeric"
                min={1}
                max={countMax}
                defaultValue={limit?.count || ""}
                error={trouble.of("count") ?? trouble.of("rateLimit")}
              />
              <Choice
                name="window"
                label={t("in each")}
                defaultValue={limit?.window ? String(limit.window) : "60"}
                error={trouble.of("window")}
                options={[
                  ...windows.map(({ value, label }) => ({ value, label: t(label) })),
                  ...(limit?.window && !known
                    ? [
                        {
                          value: String(limit.window),
                          label: t("{n} seconds", { n: limit.window }),
                        },
                      ]
                    : []),
                ]}
              />
            </div>
            <div className="flex justify-end gap-2">
              <Button onClick={close}>{t("Cancel")}</Button>
              <Button type="submit" kind="primary" busy={busy}>
                {action}
              </Button>
            </div>
          </>
        )}
      </Form>
    </Dialog>
  );
}
