import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ApiFault } from "../api/fault";
import { organization } from "../frame/session";
import { Button } from "../parts/button";
import { Card } from "../parts/card";
import { ConfirmDialog } from "../parts/dialog";
import { Check, Choice, Field, TextArea } from "../parts/field";
import { FieldsForm } from "../parts/fields-form";
import { Form, textOf } from "../parts/form";
import { linesOf } from "../parts/lines";
import { SaveButton } from "../parts/save-button";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import { AgingCard } from "./aging-card";
import { GroupingCard } from "./grouping-card";
import { GroupingRulesCard } from "./grouping-rules-card";
import { platformOf, platforms } from "./platforms";
import { ProjectSettings } from "./project-settings";
import { changeProject, deleteProject, forgetProject, type Project, setTeam } from "./queries";

/** What a project is called, who works on it, and what of it is taken in. */
export function Page() {
  return (
    <ProjectSettings
      title={t("General")}
      help={t(
        "What the project is called, who works on it, and what is taken in of what it sends.",
      )}
    >
      {(shown) => (
        <>
          <NameCard key={`${shown.project.id} ${shown.project.slug}`} {...shown} />
          <TeamsCard {...shown} />
          <IntakeCard key={JSON.stringify(shown.project.allowedDomains)} {...shown} />
          <AgingCard {...shown} />
          <PrivacyCard {...shown} />
          <GroupingCard {...shown} />
          <GroupingRulesCard {...shown} />
          {shown.mayWrite && <DeleteCard {...shown} />}
        </>
      )}
    </ProjectSettings>
  );
}

type Shown = { org: string; project: Project; mayWrite: boolean };

function NameCard({ org, project, mayWrite }: Shown) {
  const navigate = useNavigate();
  const save = async (values: FormData) => {
    const changed = await changeProject(org, project.slug, {
      name: textOf(values, "name"),
      slug: textOf(values, "slug"),
      platform: textOf(values, "platform"),
    });
    showToast({ text: t("Saved") });
    if (changed.slug === project.slug) return;
    await navigate({ to: `/${org}/settings/projects/${changed.slug}/general`, replace: true });
  };
  const known = platformOf(project.platform).id;
  return (
    <Card title={t("Project")}>
      <Form send={save} label={t("Project")}>
        {({ busy, trouble }) => (
          <>
            <Field
              name="name"
              label={t("Name")}
              help={t("As people call it; shown in lists and mails.")}
              defaultValue={project.name}
              required
              maxLength={64}
              disabled={!mayWrite}
              error={trouble.of("name")}
            />
            <Field
              name="slug"
              label={t("Slug")}
              help={t("Stands in addresses and in the names of issues. DSNs stay as they are.")}
              defaultValue={project.slug}
              required
              maxLength={50}
              pattern="[a-zA-Z0-9_\-]+"
              spellCheck={false}
              disabled={!mayWrite}
              error={trouble.of("slug")}
            />
            <Choice
              name="platform"
              label={t("Platform")}
              help={t("Decides what its setup shows. Events say for themselves what sent them.")}
              defaultValue={project.platform ?? known}
              disabled={!mayWrite}
              error={trouble.of("platform")}
              options={[
                // Ids that others gave are kept until somebody chooses.
                ...(project.platform && project.platform !== known
                  ? [{ value: project.platform, label: project.platform }]
                  : []),
                ...platforms.map(({ id, name }) => ({ value: id, label: name })),
              ]}
            />
            <SaveButton busy={busy} mayWrite={mayWrite} />
          </>
        )}
      </Form>
    </Card>
  );
}

const sayWhy = (error: unknown) =>
  showToast({
    text: error instanceof ApiFault ? error.detail : t("It could not be saved."),
    isError: true,
  });

function TeamsCard({ org, project, mayWrite }: Shown) {
  const { data } = useQuery(organization(org));
  const [pending, setPending] = useState<string>();
  const mine = new Set(project.teams.map(({ slug }) => slug));
  const change = async (team: string, isOn: boolean, isUndo = false) => {
    setPending(team);
    try {
      await setTeam(org, project.slug, team, isOn);
      if (!isUndo) {
        showToast({
          text: isOn
            ? t("#{team} works on it", { team })
            : t("#{team} no longer works on it", { team }),
          undo: () => void change(team, !isOn, true),
        });
      }
    } catch (error) {
      sayWhy(error);
    } finally {
      setPending(undefined);
    }
  };
  const teams = data?.teams ?? [];
  return (
    <Card
      title={t("Teams")}
      help={t("Their members may write alert rules of the project and hide its environments.")}
    >
      {teams.length === 0 ? (
        <p className="text-muted">{t("The organization has no team yet.")}</p>
      ) : (
        <ul className="grid gap-2 sm:grid-cols-2">
          {teams.map(({ slug }) => (
            <li key={slug}>
              <Check
                label={`#${slug}`}
                checked={mine.has(slug) !== (pending === slug)}
                disabled={!mayWrite || pending !== undefined}
                onChange={(event) => void change(slug, event.target.checked)}
              />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

const originsMax = 100;

function IntakeCard({ org, project, mayWrite }: Shown) {
  const save = async (values: FormData) => {
    await changeProject(org, project.slug, {
      allowedDomains: linesOf(textOf(values, "allowedDomains"), originsMax),
      eventThrottleRate: Number(textOf(values, "eventThrottleRate")),
    });
    showToast({ text: t("Saved. It counts within a minute.") });
  };
  return (
    <Card title={t("Intake")} help={t("What is turned away before it is read.")}>
      <Form send={save} label={t("Intake")}>
        {({ busy, trouble }) => (
          <>
            <TextArea
              name="allowedDomains"
              label={t("Allowed domains")}
              help={t(
                "Pages that browsers may send from, one a line: https://shop.example.com, shop.example.com or *.example.com. Empty: all.",
              )}
              defaultValue={project.allowedDomains.join("\n")}
              rows={Math.min(8, Math.max(3, project.allowedDomains.length + 1))}
              spellCheck={false}
              disabled={!mayWrite}
              error={trouble.of("allowedDomains")}
            />
            <Field
              name="eventThrottleRate"
              label={t("Throttle")}
              help={t("Percent of what is sent that is turned away unseen. 0: nothing.")}
              type="number"
              inputMode="numeric"
              min={0}
              max={100}
              required
              className="max-w-32"
              defaultValue={project.eventThrottleRate}
              disabled={!mayWrite}
              error={trouble.of("eventThrottleRate")}
            />
            <SaveButton busy={busy} mayWrite={mayWrite} />
          </>
        )}
      </Form>
    </Card>
  );
}

function PrivacyCard({ org, project, mayWrite }: Shown) {
  const [pending, setPending] = useState<string>();
  const change = async (
    name: "dataScrubberDefaults" | "scrubIPAddresses",
    isOn: boolean,
    isUndo = false,
  ) => {
    setPending(name);
    try {
      await changeProject(org, project.slug, { [name]: isOn });
      if (!isUndo) showToast({ text: t("Saved"), undo: () => void change(name, !isOn, true) });
    } catch (error) {
      sayWhy(error);
    } finally {
      setPending(undefined);
    }
  };
  return (
    <Card title={t("Privacy")} help={t("It holds for what comes from now on.")}>
      <div className="grid gap-3">
        <Check
          label={t("Remove secrets")}
          help={t(
            "Passwords, tokens, numbers of cards and the like are replaced before anything is stored.",
          )}
          checked={project.dataScrubberDefaults !== (pending === "dataScrubberDefaults")}
          disabled={!mayWrite || pending !== undefined}
          onChange={(event) => void change("dataScrubberDefaults", event.target.checked)}
        />
        <Check
          label={t("Do not keep IP addresses")}
          help={t("They go from users, headers and environments.")}
          checked={project.scrubIPAddresses !== (pending === "scrubIPAddresses")}
          disabled={!mayWrite || pending !== undefined}
          onChange={(event) => void change("scrubIPAddresses", event.target.checked)}
        />
        <FieldsForm
          fields={project}
          besides={t("those of the organization")}
          save={(fields) => changeProject(org, project.slug, fields)}
          mayWrite={mayWrite}
        />
      </div>
    </Card>
  );
}

function DeleteCard({ org, project }: Shown) {
  const [isAsking, setAsking] = useState(false);
  const navigate = useNavigate();
  const name = project.name || project.slug;
  return (
    <Card title={t("Delete the project")} help={t("It cannot be brought back.")}>
      <Button kind="danger" onClick={() => setAsking(true)}>
        {t("Delete {name}", { name })}
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={t("Delete {name}?", { name })}
          action={t("Delete the project")}
          typed={project.slug}
          close={() => setAsking(false)}
          run={async () => {
            await deleteProject(org, project.slug);
            await navigate({ to: `/${org}/projects`, replace: true });
            forgetProject(org, project.slug);
            showToast({ text: t("{name} is deleted", { name }) });
          }}
        >
          <p>
            {t(
              "All its issues, events, keys and alert rules go, at once and for good. Applications that still send to it are refused.",
            )}
          </p>
        </ConfirmDialog>
      )}
    </Card>
  );
}
