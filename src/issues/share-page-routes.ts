import { Hono } from "hono";
import { html } from "hono/html";
import { Fault } from "../fault";
import type { AppEnv } from "../http/app-env";
import { answerHtml } from "../http/html-page";
import { prefixOf } from "../http/path-spelling";
import { sharedIn } from "./share-routes";
import type { SharedIssueView } from "./share-shapes";

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
    html`<p>
        ${issue.shortId}, ${issue.project.name || issue.project.slug}: ${issue.level},
        ${issue.status}
      </p>
      <p>${issue.culprit}</p>
      <p>
        ${issue.count} events, ${issue.userCount} people; first ${issue.firstSeen}, last
        ${issue.lastSeen}
      </p>
      ${issue.latestEvent?.message ? html`<article>${issue.latestEvent.message}</article>` : ""}
      ${(issue.latestEvent?.exceptions ?? []).map(
        ({ type, value, frames }) => html`<article>
          <h2>${type ?? "Error"}</h2>
          <p>${value ?? ""}</p>
          <ol>
            ${frames.map(
              (frame) =>
                html`<li>
                  ${frame.function ?? "?"} ${frame.filename ?? frame.module ?? ""}${
                    frame.lineNo ? `:${frame.lineNo}` : ""
                  }
                </li>`,
            )}
          </ol>
        </article>`,
      )}`,
  ] as const;
