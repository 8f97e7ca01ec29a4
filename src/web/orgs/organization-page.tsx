import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { organization, useMay } from "../frame/session";
import { SettingsPage } from "../frame/settings-frame";
import { settingsPages } from "../frame/settings-pages";
import { useOrg } from "../frame/use-org";
import { Button } from "../parts/button";
import { Card } from "../parts/card";
import { ConfirmDialog } from "../parts/dialog";
import { Check, Field } from "../parts/field";
import { FieldsForm } from "../parts/fields-form";
import { Form, textOf } from "../parts/form";
import { SaveButton } from "../parts/save-button";
import { SkeletonBlock } from "../parts/skeleton";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import { deleteOrganization, updateOrganization } from "./queries";

/** The organization's own settings, and a search over all pages of settings. */
export function Page() {
  const org = useOrg();
  const { data } = useQuery(organization(org));
  const mayWrite = useMay(org, "org:write");
  const mayDelete = useMay(org, "org:admin");
  return (
    <SettingsPage
      title={t("Organization settings")}
      help={t("Name, intake of events and what belongs to everybody in {org}.", { org })}
    >
      <SettingsSearch org={org} />
      {data === undefined ? (
        <SkeletonBlock height={280} />
      ) : (
        <>
          {mayWrite === false && (
            <p className="text-muted">{t("Only managers and owners can change these.")}</p>
          )}
          <NameCard key={data.slug} org={org} name={data.name} mayWrite={mayWrite ?? false} />
          <IntakeCard
            org={org}
            isAccepting={data.isAcceptingEvents}
            throttle={data.eventThrottleRate}
            isOpen={data.openMembership}
            mayWrite={mayWrite ?? false}
          />
          <Card
            title={t("Privacy")}
            help={t(
              "Of all projects, which may have more of their own. It holds for what comes from now on.",
            )}
          >
            <FieldsForm
              fields={data}
              besides={t("what everybody calls a secret")}
              save={(fields) => updateOrganization(org, fields)}
              mayWrite={mayWrite ?? false}
            />
          </Card>
          {mayDelete && <DeleteCard org={data.slug} name={data.name} />}
        </>
      )}
    </SettingsPage>
  );
}

function SettingsSearch({ org }: { org: string }) {
  const [typed, setTyped] = useState("");
  const words = typed.toLowerCase().split(/\s+/, 10).filter(Boolean);
  const found = settingsPages(org).filter(({ title, words: more }) =>
    words.every((word) => `${title} ${more}`.toLowerCase().includes(word)),
  );
  return (
    <div role="search" className="grid gap-2">
      <Field
        label={t("Find a setting")}
        hideLabel
        type="search"
        data-search
        placeholder={t("Find a setting: keys, password, theme …")}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {words.length > 0 && (
        <ul className="card p-1" aria-label={t("Found settings")}>
          {found.map(({ title, path, words: more }) => (
            <li key={path}>
              <Link
                to={path}
                className="flex min-h-9 items-center gap-3 rounded-sm px-2 text-text hover:bg-hover hover:no-underline max-md:min-h-11"
              >
                <span className="font-medium">{title}</span>
                <span className="truncate text-xs text-muted">{more}</span>
              </Link>
            </li>
          ))}
          {found.length === 0 && (
            <li className="px-2 py-2 text-muted">{t("No setting has these words.")}</li>
          )}
        </ul>
      )}
    </div>
  );
}

function NameCard({ org, name, mayWrite }: { org: string; name: string; mayWrite: boolean }) {
  const navigate = useNavigate();
  return (
    <Card title={t("Name")}>
      <Form
        label={t("Name")}
        send={async (values) => {
          const changed = await updateOrganization(org, {
            name: textOf(values, "name"),
            slug: textOf(values, "slug"),
          });
          showToast({ text: t("Saved") });
          if (changed.slug !== org)
            await navigate({ to: `/${changed.slug}/settings`, replace: true });
        }}
      >
        {({ busy, trouble }) => (
          <>
            <Field
              name="name"
              label={t("Name")}
              defaultValue={name}
              required
              maxLength={200}
              disabled={!mayWrite}
              error={trouble.of("name")}
            />
            <Field
              name="slug"
              label={t("Slug")}
              help={t(
                "Stands in every address, also in those of the API: old links end when it changes.",
              )}
              defaultValue={org}
              required
              maxLength={50}
              pattern="[a-zA-Z0-9_\-]+"
              spellCheck={false}
              disabled={!mayWrite}
              error={trouble.of("slug")}
            />
            <SaveButton busy={busy} mayWrite={mayWrite} />
          </>
        )}
      </Form>
    </Card>
  );
}

function IntakeCard({
  org,
  isAccepting,
  throttle,
  isOpen,
  mayWrite,
}: {
  org: string;
  isAccepting: boolean;
  throttle: number;
  isOpen: boolean;
  mayWrite: boolean;
}) {
  return (
    <Card title={t("Intake and teams")}>
      <Form
        label={t("Intake and teams")}
        send={async (values) => {
          await updateOrganization(org, {
            isAcceptingEvents: values.has("accepting"),
            eventThrottleRate: Number(textOf(values, "throttle")),
            openMembership: values.has("open"),
          });
          showToast({ text: t("Saved") });
        }}
      >
        {({ busy, trouble }) => (
          <>
            <Check
              name="accepting"
              label={t("Accept events")}
              help={t("Off: SDKs are answered 429, and what they send is counted as turned away.")}
              defaultChecked={isAccepting}
              disabled={!mayWrite}
            />
            <Field
              name="throttle"
              type="number"
              min={0}
              max={100}
              required
              label={t("Turn away, percent")}
              help={t(
                "So many of a hundred requests are turned away at random before they cost anything. 0 is none.",
              )}
              defaultValue={throttle}
              disabled={!mayWrite}
              error={trouble.of("eventThrottleRate")}
              className="max-w-32"
            />
            <Check
              name="open"
              label={t("Open teams")}
              help={t("Members join and leave teams by themselves.")}
              defaultChecked={isOpen}
              disabled={!mayWrite}
            />
            <SaveButton busy={busy} mayWrite={mayWrite} />
          </>
        )}
      </Form>
    </Card>
  );
}

function DeleteCard({ org, name }: { org: string; name: string }) {
  const [isAsking, setAsking] = useState(false);
  const navigate = useNavigate();
  return (
    <Card
      title={t("Delete the organization")}
      help={t("All its projects, issues, teams and tokens go with it. It cannot be taken back.")}
    >
      <Button kind="danger" onClick={() => setAsking(true)}>
        {t("Delete organization")}
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={t("Delete {name}?", { name })}
          action={t("Delete organization")}
          typed={org}
          close={() => setAsking(false)}
          run={async () => {
            await deleteOrganization(org);
            await navigate({ to: "/", replace: true });
          }}
        >
          <p>{t("Every project, issue, event, team, key and token of {name} goes.", { name })}</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}
