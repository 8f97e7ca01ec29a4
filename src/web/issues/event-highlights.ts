import type { Schema } from "../api/client";
import { t } from "../words";
import { membersOf, textIn } from "./members";

type Shown = Pick<Schema<"Event">, "tags" | "contexts" | "user">;
export type Highlight = { label: string; value: string; tag: string | undefined };

const highlightsMax = 8;
const tagsWanted: [key: string, label: string][] = [
  ["browser", "Browser"],
  ["os", "OS"],
  ["runtime", "Runtime"],
  ["device", "Device"],
  ["url", "URL"],
  ["transaction", "Transaction"],
  ["server_name", "Server"],
  ["handled", "Handled"],
  ["mechanism", "Mechanism"],
  ["logger", "Logger"],
];

/** The few facts that are asked for first. */
export function highlightsOf(event: Shown): Highlight[] {
  const tags = new Map(event.tags.map(({ key, value }) => [key, value]));
  const person = personOf(event.user);
  const found: Highlight[] = person
    ? [{ label: t("User"), value: person, tag: tags.has("user") ? "user" : undefined }]
    : [];
  for (const [key, label] of tagsWanted) {
    const value = tags.get(key);
    if (value) found.push({ label: t(label), value, tag: key });
  }
  return found.slice(0, highlightsMax);
}

/** What a person is called: the most telling thing that is known. */
export function personOf(user: unknown): string | undefined {
  const members = membersOf(user);
  return ["email", "username", "name", "id", "ip_address"]
    .map((name) => textIn(members.get(name)))
    .find((value) => value !== undefined);
}
