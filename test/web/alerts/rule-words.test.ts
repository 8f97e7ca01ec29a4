import { expect, test } from "vitest";
import { recipientWords, ruleSentence, spanOf } from "../../../src/web/alerts/rule-words";

const mail = { id: 1, recipientType: "email" as const, url: "", tagsToAdd: [], config: null };
const discord = {
  ...mail,
  id: 2,
  recipientType: "discord" as const,
  url: "https://discord.com/api/webhooks/1/secret",
};
const rule = { quantity: 20, timespanMinutes: 10, uptime: false, alertRecipients: [mail] };

test.each([
  [rule, "When an issue gets 20 events or more within 10 minutes, send to Mail."],
  [
    { ...rule, quantity: 1, timespanMinutes: 60, alertRecipients: [mail, discord] },
    "When an issue gets 1 event or more within 1 hour, send to Mail and Discord at discord.com.",
  ],
  [
    { ...rule, uptime: true, alertRecipients: [] },
    "When an issue gets 20 events or more within 10 minutes or a monitor goes down or comes back, mail the members of its teams.",
  ],
  [
    { ...rule, quantity: null, timespanMinutes: null },
    "Never: no number of events is set. Else send to Mail.",
  ],
])("a rule is a sentence", (given, sentence) => {
  expect(ruleSentence(given)).toBe(sentence);
});

test.each([
  [1, "1 minute"],
  [90, "90 minutes"],
  [120, "2 hours"],
  [2880, "2 days"],
  [0, "0 minutes"],
])("%d minutes are %s", (minutes, words) => {
  expect(spanOf(minutes)).toBe(words);
});

test("the secret part of a webhook's address is not shown", () => {
  expect(recipientWords(discord)).toBe("Discord at discord.com");
  expect(recipientWords({ ...discord, url: "no address" })).toBe("Discord");
});
