import { beforeAll, expect, test } from "vitest";
import { randomOf } from "../bench/corpus";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, makeTenant, type Tenant, useStack } from "../harness";

/**
 * Searches made by chance, each answered by the API and by a look at every event. Whatever is asked of an issue holds
 * when some event of it has it.
 */
const stack = useStack();
const random = randomOf(4711);
const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;

const colors = ["red", "dark red", "green", "50%_off"];
const words = ["cart", "basket", "Ошибка", "pay_now", "[Filtered]", "a:b", "user's"];
const files = ["/srv/cart.js", "/srv/pay.js", "lib/pay.rb"];
const people = ["ada", "bob", "eve"];
const levels = ["error", "warning", "info"];

type Said = {
  issue: number;
  level: string;
  color?: string;
  words: string[];
  file: string;
  person?: string;
  type: string;
};

const events: Said[] = Array.from({ length: 60 }, (_, index) => {
  const issue = index % 14;
  return {
    issue,
    level: levels[issue % 3] ?? "",
    ...(random() < 0.6 && { color: pick(colors) }),
    words: [pick(words), pick(words)],
    file: pick(files),
    ...(random() < 0.5 && { person: pick(people) }),
    type: `Kind${issue % 5}`,
  };
});

let tenant: Tenant;
const titleOf = (issue: number) => `Failure number ${issue}`;

beforeAll(async () => {
  tenant = await makeTenant(stack);
  const bodies = events.map((said) =>
    eventEnvelope({
      level: said.level,
      fingerprint: [String(said.issue)],
      exception: {
        values: [
          { type: said.type, value: "it broke" },
          {
            type: titleOf(said.issue),
            value: said.words.join(" "),
            stacktrace: { frames: [{ filename: said.file, function: "f" }] },
          },
        ],
      },
      ...(said.person && { user: { id: said.person, email: `${said.person}@example.com` } }),
      tags: said.color ? { color: said.color } : {},
    }),
  );
  for (const body of [bodies.slice(0, 25), bodies.slice(25)]) {
    const delivered = await deliverTo(
      stack,
      body.map((each) => messageOf(tenant, each)),
    );
    expect(delivered.outcome).toBe("ok");
  }
});

type Query = { text: string; has: (issue: number) => boolean };
const some =
  (holds: (said: Said) => boolean) =>
  (issue: number): boolean =>
    events.some((said) => said.issue === issue && holds(said));
const lower = (text: string) => text.toLowerCase();

const leaves: (() => Query)[] = [
  () => {
    const color = pick(colors);
    return { text: `color:"${color}"`, has: some((said) => said.color === color) };
  },
  () => {
    const [one, two] = [pick(colors), pick(colors)];
    return {
      text: `color:["${one}", "${two}"]`,
      has: some((said) => said.color === one || said.color === two),
    };
  },
  () => ({ text: "color:*RED", has: some((said) => said.color?.endsWith("red") ?? false) }),
  () => ({ text: "has:color", has: some((said) => said.color !== undefined) }),
  () => ({ text: 'color:""', has: (issue) => !some((said) => said.color !== undefined)(issue) }),
  () => {
    const level = pick(levels);
    return { text: `level:${level}`, has: some((said) => said.level === level) };
  },
  () => {
    const word = pick(words);
    const part = lower(word.slice(0, Math.max(3, Math.ceil(random() * word.length))));
    return {
      text: `"${part.toUpperCase()}"`,
      has: some((said) =>
        [...said.words, said.file, said.type, titleOf(said.issue), said.color, said.person].some(
          (text) => text !== undefined && lower(text).includes(part),
        ),
      ),
    };
  },
  () => {
    const file = pick(files);
    return { text: `stack.filename:"${file}"`, has: some((said) => said.file === file) };
  },
  () => ({ text: "stack.filename:*.JS", has: some((said) => said.file.endsWith(".js")) }),
  () => {
    const kind = Math.floor(random() * 6);
    return { text: `error.type:Kind${kind}`, has: some((said) => said.type === `Kind${kind}`) };
  },
  () => {
    const person = pick(people);
    return {
      text: pick([`user:${person}`, `user.email:${person}@example.com`, `user:id:${person}`]),
      has: some((said) => said.person === person),
    };
  },
  () => ({ text: "has:user", has: some((said) => said.person !== undefined) }),
  () => ({ text: "user.email:*b@*", has: some((said) => said.person === "bob") }),
  () => ({ text: "timesSeen:>4", has: (issue) => issue < 60 % 14 }),
];

function query(depth: number): Query {
  const draw = random();
  if (depth === 0 || draw < 0.35) return pick(leaves)();
  const one = query(depth - 1);
  if (draw < 0.5) {
    return { text: pick([`!(${one.text})`, `NOT (${one.text})`]), has: (issue) => !one.has(issue) };
  }
  const two = query(depth - 1);
  return draw < 0.75
    ? { text: `(${one.text} OR ${two.text})`, has: (issue) => one.has(issue) || two.has(issue) }
    : { text: `(${one.text} ${two.text})`, has: (issue) => one.has(issue) && two.has(issue) };
}

test("every search is answered as a look at every event answers it", async () => {
  const asked = [...leaves.map((leaf) => leaf()), ...Array.from({ length: 110 }, () => query(3))];
  const all = Array.from({ length: 14 }, (_, issue) => issue);
  const path = `/api/0/organizations/${tenant.slug}/issues/`;
  for (const { text, has } of asked) {
    const found = await tenant.get<{ title: string }[]>(
      `${path}?limit=100&query=${encodeURIComponent(text)}`,
    );
    const numbers = found.map(({ title }) => Number(/number (\d+)/.exec(title)?.[1]));
    expect([text, numbers.toSorted((a, b) => a - b)]).toEqual([text, all.filter(has)]);
  }
});
