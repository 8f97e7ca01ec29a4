import { Hono } from "hono";
import { html } from "hono/html";
import { Fault } from "../fault";
import type { AppEnv } from "../http/app-env";
import { answerHtml } from "../http/html-page";
import { prefixOf } from "../http/path-spelling";
import { sharedIn } from "./share-routes";
import type { SharedException, SharedIssueView } from "./share-shapes";

/** An issue that is public, as a page for whoever has its address: no script, nothing of anybody. */
export const sharePageRoutes = new Hono<AppEnv>();

sharePageRoutes.get("/shared/issues/:share_id/", async (c) => {
  c.header("X-Robots-Tag", "noindex");
  return answerHtml(c, ...pageOf(await sharedIn(c)));
});

/** Sentry's address of the same. */
sharePageRoutes.get("/share/issue/:share_id/", (c) =>
  c.redirect(`${prefixOf(c.env.PUBLIC_URL)}/shared/issues/${c.req.param("share_id")}/`, 302),
);

sharePageRoutes.onError((error, c) => {
  if (!(error instanceof Fault)) throw error;
  return error.kind === "not_found"
    ? answerHtml(
        c,
        "There is nothing here",
        html`<p>The address is wrong, or what it led to is not public any more.</p>`,
        404,
      )
    : answerHtml(c, "This does not work", html`<p role="alert">${error.message}</p>`, 429);
});

const pageOf = (issue: SharedIssueView) =>
  [
    issue.title,
    html`<dl>
        ${line("Issue", issue.shortId)} ${line("Project", issue.project.name || issue.project.slug)}
        ${line("State", `${issue.level}, ${issue.status}`)}
        ${line("Where", html`<code>${issue.culprit}</code>`)}
        ${line("Events", `${withCommas(issue.count)}, of ${withCommas(issue.userCount)} people`)}
        ${line("First seen", timeOf(issue.firstSeen))} ${line("Last seen", timeOf(issue.lastSeen))}
      </dl>
      ${issue.latestEvent?.message ? html`<article>${issue.latestEvent.message}</article>` : ""}
      ${(issue.latestEvent?.exceptions ?? []).map(exceptionOf)}
      ${issue.latestEvent ? "" : html`<p>Its events are no longer kept.</p>`}
      <p><small>Shared from Brinkwatch by somebody of its team.</small></p>`,
  ] as const;

const exceptionOf = ({ type, value, frames }: SharedException) =>
  html`<article>
    <h2>${type ?? "Error"}</h2>
    <p>${value ?? ""}</p>
    <ol>
      ${frames.map((frame) => html`<li>${frameOf(frame)}</li>`)}
    </ol>
  </article>`;

/** The code of one's own stands out. */
function frameOf(frame: SharedException["frames"][number]) {
  const place = `${frame.filename ?? frame.module ?? ""}${frame.lineNo ? `:${frame.lineNo}` : ""}`;
  const words = html`<code>${frame.function ?? "?"}</code> <code>${place}</code>`;
  return frame.inApp ? html`<strong>${words}</strong>` : words;
}

const line = (name: string, value: string | ReturnType<typeof html>) =>
  html`<dt>${name}</dt>
    <dd>${value}</dd>`;

const withCommas = (count: string | number) => Number(count).toLocaleString("en");

/** As anybody reads it, wherever they are: `17 Nov 2026, 22:19 UTC`. */
function timeOf(moment: string) {
  const words = new Date(moment).toLocaleString("en-GB", {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: "UTC",
  });
  return html`<time datetime="${moment}">${words} UTC</time>`;
}
