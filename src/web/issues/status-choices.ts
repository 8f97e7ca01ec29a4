import type { StatusChange } from "../api/undo";
import { t } from "../words";
import { inNextRelease } from "./status-kinds";

/** A way to be done with issues, or to want no more of them for now. */
export type StatusChoice = { id: string; label: string; keys?: string; change: StatusChange };

const minutesOfDay = 24 * 60;

export const resolveChoices: readonly StatusChoice[] = [
  {
    id: "next-release",
    label: t("In the next release"),
    keys: "shift+e",
    change: inNextRelease,
  },
  {
    id: "latest-release",
    label: t("In the latest release"),
    change: { status: "resolved", statusDetails: { inRelease: "latest" } },
  },
];

const muted = (statusDetails: StatusChange["statusDetails"]): StatusChange => ({
  status: "ignored",
  statusDetails,
});

export const muteChoices: readonly StatusChoice[] = [
  {
    id: "escalating",
    label: t("Until it escalates"),
    change: { status: "ignored", substatus: "archived_until_escalating" },
  },
  {
    id: "next-event",
    label: t("Until it happens again"),
    change: muted({ ignoreUntilNext: true }),
  },
  { id: "hour", label: t("For an hour"), change: muted({ ignoreDuration: 60 }) },
  { id: "day", label: t("For a day"), change: muted({ ignoreDuration: minutesOfDay }) },
  { id: "week", label: t("For a week"), change: muted({ ignoreDuration: 7 * minutesOfDay }) },
  { id: "events", label: t("Until 100 more events"), change: muted({ ignoreCount: 100 }) },
  { id: "people", label: t("Until 10 people"), change: muted({ ignoreUserCount: 10 }) },
  { id: "good", label: t("For good"), change: { status: "ignored" } },
];

/** What the dialog asks for. */
export type Asking = "resolve" | "mute";
export type Answers = {
  kind: "release" | "commit" | "moment" | "events" | "people";
  /** Version, commit, moment of the reader's clock, or number. */
  value: string;
  /** Of a commit its repository, of numbers minutes. */
  within: string;
};

/** The change that somebody asks for in words of their own. */
export function changeOfAnswers({ kind, value, within }: Answers): StatusChange {
  const minutes = within === "" ? undefined : Number(within);
  switch (kind) {
    case "release":
      return { status: "resolved", statusDetails: { inRelease: value } };
    case "commit":
      return {
        status: "resolved",
        statusDetails: {
          inCommit: { commit: value, ...(within !== "" && { repository: within }) },
        },
      };
    case "moment":
      return muted({ ignoreUntil: new Date(value).toISOString() });
    case "events":
      return muted({
        ignoreCount: Number(value),
        ...(minutes !== undefined && { ignoreWindow: minutes }),
      });
    case "people":
      return muted({
        ignoreUserCount: Number(value),
        ...(minutes !== undefined && { ignoreUserWindow: minutes }),
      });
  }
}
