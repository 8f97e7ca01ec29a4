import type { Actor } from "../access/caller";
import { auditOfChange, auditStatement } from "../audit/audit";
import type { Deps } from "../deps";
import { notFound } from "../fault";
import { commitUnder } from "../platform/database";
import { type Page, type Range, toPage } from "../protocol/cursor";
import { idIn } from "../protocol/row-id";
import {
  type AlertRow,
  auditedAlert,
  deleteAlert,
  insertAlert,
  type OrganizationAlertRow,
  type Recipient,
  replaceRecipients,
  selectAlert,
  selectAlerts,
  selectAlertsOfOrganization,
  updateAlert,
} from "./queries";
import type { AlertIn } from "./schemas";

type Project = { id: number; orgId: number; slug: string };

/** Rules of a project, newest first. */
export async function listAlerts(
  deps: Deps,
  projectId: number,
  range: Range,
): Promise<Page<AlertRow>> {
  return toPage(await selectAlerts(deps.db, projectId, range), range);
}

/** Rules of all projects of an organization, by the slugs of these. */
export async function listAlertsOfOrganization(
  deps: Deps,
  orgId: number,
  range: Range,
): Promise<Page<OrganizationAlertRow>> {
  return toPage(await selectAlertsOfOrganization(deps.db, orgId, range), range);
}

/** A rule of a project. Faults: not_found. */
export async function findAlert(deps: Deps, projectId: number, id: string): Promise<AlertRow> {
  const ruleId = idIn(id);
  const [row] = ruleId === undefined ? [] : await selectAlert(deps.db, projectId, ruleId);
  if (!row) throw notFound();
  return row;
}

const recipientsIn = (input: AlertIn): Recipient[] =>
  (input.alertRecipients ?? []).map(({ recipientType, url, tagsToAdd, config }) => ({
    type: recipientType,
    url: url ?? "",
    tags: tagsToAdd ?? [],
    config: config ?? null,
  }));

/** Answers with the new rule's id. */
export async function createAlert(
  deps: Deps,
  actor: Actor,
  project: Project,
  input: AlertIn,
): Promise<string> {
  const rule = {
    name: input.name ?? "",
    timespanMinutes: input.timespanMinutes ?? null,
    quantity: input.quantity ?? null,
    uptime: input.uptime ?? false,
  };
  const [made] = await commitUnder(deps.db, { orgId: project.orgId, projectId: project.id }, [
    insertAlert(deps.db, project.id, rule, recipientsIn(input)),
    auditStatement(deps.db, project.orgId, actor, "alert.create", project.slug, rule),
  ]);
  return String(made.rows[0]?.id);
}

const underOf = ({ orgId, id }: Project, row: AlertRow) => ({
  orgId,
  projectId: id,
  ruleId: row.id,
});

/** What is left out stays, the recipients included. */
export async function editAlert(
  deps: Deps,
  actor: Actor,
  project: Project,
  row: AlertRow,
  input: AlertIn,
): Promise<void> {
  const { name, timespanMinutes, quantity, uptime } = input;
  const changes = { name, timespanMinutes, quantity, uptime };
  const isChange = Object.values(changes).some((value) => value !== undefined);
  const { id } = row;
  const recipients = input.alertRecipients && recipientsIn(input);
  const note = {
    row: auditedAlert(project.id, id),
    changes,
    // Addresses of webhooks are secrets.
    data: { id, ...(recipients && { recipients: recipients.map(({ type }) => type) }) },
  };
  await commitUnder(deps.db, underOf(project, row), [
    auditOfChange(deps.db, project.orgId, actor, "alert.edit", project.slug, note),
    ...(isChange ? [updateAlert(deps.db, project.id, id, changes)] : []),
    ...(recipients ? replaceRecipients(deps.db, project.id, id, recipients) : []),
  ]);
}

export async function removeAlert(
  deps: Deps,
  actor: Actor,
  project: Project,
  row: AlertRow,
): Promise<void> {
  await commitUnder(deps.db, underOf(project, row), [
    deleteAlert(deps.db, project.id, row.id),
    auditStatement(deps.db, project.orgId, actor, "alert.delete", project.slug, {
      id: row.id,
      name: row.name,
    }),
  ]);
}

/** What becomes of a test message to the recipients of a rule, or to one of them. Faults: not_found. */
export function testAlert({ recipients }: AlertRow, recipientId?: string) {
  const chosen = recipients.filter(
    ({ id }) => recipientId === undefined || String(id) === recipientId,
  );
  if (recipientId !== undefined && chosen.length === 0) throw notFound();
  // Rules are kept, but nothing evaluates or delivers them in this version.
  const message = "Alerts are not delivered yet: the rule is stored and will fire once they are.";
  return chosen.map(({ recipientType }) => ({
    recipientType,
    status: "skipped" as const,
    message,
  }));
}
