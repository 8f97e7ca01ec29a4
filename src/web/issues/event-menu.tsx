import { useNavigate } from "@tanstack/react-router";
import { ArrowDownToLine, Braces, FileText, Link2, Sparkles, Terminal } from "lucide-react";
import { mount } from "../mount";
import { copyText } from "../parts/copy";
import { Menu } from "../parts/menu";
import { t } from "../words";
import { copyMarkdown } from "./copy-markdown";
import { type HttpRequest, partsOf } from "./event-parts";
import type { IssueEvent } from "./issue-queries";

/** What else can be done with an event. */
export function EventMenu({
  org,
  issue,
  event,
}: {
  org: string;
  issue: string;
  event: IssueEvent;
}) {
  const navigate = useNavigate();
  const json = `${mount}/api/0/organizations/${org}/issues/${issue}/events/${event.eventID}/json/`;
  const { request } = partsOf(event);
  const link = `${location.origin}${mount}/${org}/issues/${issue}/events/${event.eventID}`;
  return (
    <Menu
      label={t("More about this event")}
      align="end"
      button={<Braces size={15} aria-hidden />}
      className="inline-flex size-7 items-center justify-center rounded-sm text-muted hover:bg-hover hover:text-text max-md:size-11"
      items={[
        {
          label: t("Copy link to this event"),
          icon: Link2,
          run: () => void copyText(link, t("Link")),
        },
        {
          label: t("Copy event id"),
          icon: Link2,
          run: () => void copyText(event.eventID, t("Event id")),
        },
        {
          label: t("Copy as Markdown"),
          icon: FileText,
          keys: "shift+c",
          run: () => void copyMarkdown(org, issue, event.eventID),
        },
        ...(request?.url
          ? [
              {
                label: t("Copy request as cURL"),
                icon: Terminal,
                run: () => void copyCurl(request),
              },
            ]
          : []),
        "line",
        {
          label: t("Open as JSON"),
          icon: Braces,
          run: () => void open(json, "_blank", "noopener"),
        },
        {
          label: t("Download JSON"),
          icon: ArrowDownToLine,
          run: () => download(json, `${event.eventID}.json`),
        },
        {
          label: t("Most telling event"),
          icon: Sparkles,
          run: () =>
            void navigate({ to: `/${org}/issues/${issue}/events/recommended`, search: true }),
        },
      ]}
    />
  );
}

async function copyCurl(request: HttpRequest): Promise<void> {
  const { curlOf } = await import("./curl");
  await copyText(curlOf(request), t("cURL"));
}

function download(address: string, name: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}
