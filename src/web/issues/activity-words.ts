import { plural, t } from "../words";
import type { Activity } from "./activity-queries";
import { membersOf, textIn } from "./members";

type Data = ReadonlyMap<string, unknown>;

const words: Record<Exclude<Activity["type"], "note">, (who: string, data: Data) => string> = {
  first_seen: () => t("Seen for the first time"),
  set_resolved: (who) => t("{who} resolved it", { who }),
  set_resolved_in_release: (who, data) => {
    const version = textIn(data.get("version"));
    return version
      ? t("{who} resolved it in {version}", { who, version })
      : t("{who} resolved it in the next release", { who });
  },
  set_resolved_in_commit: (who, data) =>
    t("{who} resolved it by the commit {commit}", {
      who,
      commit: textIn(data.get("commit")) ?? "?",
    }),
  set_resolved_by_age: () => t("Resolved, since it was not seen for long"),
  set_unresolved: (who, data) =>
    data.has("ignoreUntil")
      ? t("Open again: it was muted until now")
      : t("{who} opened it again", { who }),
  set_ignored: (who, data) => {
    const until = endOf(data);
    if (until) return t("{who} muted it until {until}", { who, until });
    return data.has("ignoreUntil")
      ? t("{who} muted it for a time", { who })
      : t("{who} muted it", { who });
  },
  set_regression: (_, data) => {
    const version = textIn(data.get("version"));
    return version ? t("Came back in {version}", { version }) : t("Came back");
  },
  set_escalating: (_, data) => {
    const until = endOf(data);
    return until
      ? t("Open again: it was muted until {until}", { until })
      : t("Came much more often than before");
  },
  auto_set_ongoing: () => t("As usual again"),
  set_priority: (who, data) => {
    const priority = textIn(data.get("priority"));
    return priority
      ? t("{who} set the priority to {priority}", { who, priority })
      : t("{who} let the priority follow from its events", { who });
  },
  mark_reviewed: (who) => t("{who} reviewed it", { who }),
  assigned: (who, data) => {
    const [name, rule] = [assigneeIn(data), textIn(data.get("rule"))];
    return rule
      ? t("Assigned to {name} by the rule {rule}", { name, rule: rule.slice(0, ruleCharsMax) })
      : t("{who} assigned it to {name}", { who, name });
  },
  unassigned: (who) => t("{who} assigned it to nobody", { who }),
  merge: (who) => t("{who} merged other issues into it", { who }),
  unmerge_source: (who) => t("{who} took events out into another issue", { who }),
  unmerge_destination: (who) => t("{who} made it of events of another issue", { who }),
  set_public: (who) => t("{who} made a public link", { who }),
  set_private: (who) => t("{who} ended the public link", { who }),
};

/** What ends that an issue is muted; undefined: nothing that is known. */
function endOf(data: Data): string | undefined {
  const number = (name: string) => {
    const value = data.get(name);
    return typeof value === "number" ? value : undefined;
  };
  const [events, people] = [number("ignoreCount"), number("ignoreUserCount")];
  if (events !== undefined) return plural(events, "more event", "more events");
  if (people !== undefined) return plural(people, "person has it", "people have it");
  if (data.get("ignoreUntilNext") === true) return t("it happens again");
  return data.get("ignoreUntilEscalating") === true ? t("it escalates") : undefined;
}

const ruleCharsMax = 100;

function assigneeIn(data: Data): string {
  const team = textIn(data.get("assigneeName"));
  return team ? `#${team}` : (textIn(data.get("assigneeEmail")) ?? t("somebody who is gone"));
}

/** What happened to an issue, as a sentence. Of what a newer server knows it says no more than that there was something. */
export function activityWords({ type, user, data }: Activity): string {
  if (type === "note") return t("Comment");
  const who = user ? user.name : t("A rule or a token");
  const sentence = Object.hasOwn(words, type)
    ? words[type](who, membersOf(data))
    : t("{who} changed it", { who });
  return data["undo"] === true ? t("{sentence}, taking a change back", { sentence }) : sentence;
}
