import type { Schema } from "../api/client";
import { joinWords, plural, t } from "../words";

type Rule = Schema<"Alert">;
export type Recipient = Rule["alertRecipients"][number];
export type RecipientType = Recipient["recipientType"];

/** The ways in which somebody can hear of it, as they are called. */
export const recipientTypes: readonly { value: RecipientType; label: string }[] = [
  { value: "email", label: "Mail" },
  { value: "webhook", label: "Webhook" },
  { value: "discord", label: "Discord" },
  { value: "googlechat", label: "Google Chat" },
  { value: "ntfy", label: "ntfy" },
  { value: "teams", label: "Microsoft Teams" },
  { value: "zulip", label: "Zulip" },
  { value: "feishu", label: "Feishu" },
];

const labels = new Map(recipientTypes.map(({ value, label }) => [value, label]));
export const recipientLabel = (type: RecipientType): string => t(labels.get(type) ?? type);

const hostOf = (address: string) => (URL.canParse(address) ? new URL(address).host : "");

/** Who hears of it: "Mail", "Discord at discord.com". The rest of such an address is a secret. */
export function recipientWords({ recipientType, url }: Recipient): string {
  const name = recipientLabel(recipientType);
  const host = hostOf(url);
  return recipientType === "email" || host === "" ? name : t("{name} at {host}", { name, host });
}

const hourMinutes = 60;
const dayMinutes = 1440;

/** 10 → "10 minutes", 120 → "2 hours", 2880 → "2 days". */
export function spanOf(minutes: number): string {
  if (minutes > 0 && minutes % dayMinutes === 0) return plural(minutes / dayMinutes, "day", "days");
  if (minutes > 0 && minutes % hourMinutes === 0)
    return plural(minutes / hourMinutes, "hour", "hours");
  return plural(minutes, "minute", "minutes");
}

/** A rule as a sentence: when what happens, who hears of it. */
export function ruleSentence(rule: Omit<Rule, "id" | "name">): string {
  const { quantity, timespanMinutes, uptime, alertRecipients } = rule;
  const causes = [
    ...(quantity !== null && timespanMinutes !== null
      ? [
          t("an issue gets {events} or more within {span}", {
            events: plural(quantity, "event", "events"),
            span: spanOf(timespanMinutes),
          }),
        ]
      : []),
    ...(uptime ? [t("a monitor goes down or comes back")] : []),
  ];
  const who =
    alertRecipients.length === 0
      ? t("mail the members of its teams")
      : t("send to {recipients}", { recipients: joinWords(alertRecipients.map(recipientWords)) });
  if (causes.length === 0) return t("Never: no number of events is set. Else {who}.", { who });
  return t("When {causes}, {who}.", { causes: causes.join(t(" or ")), who });
}
