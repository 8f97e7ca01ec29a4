import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

/**
 * Envelopes like those of a busy application: the same for the same seed, on any machine. Three sizes (raw about 2.4,
 * 22 and 74 KB) in the mix 50/40/10, and 1 000 kinds of error, few of them very frequent.
 */

export type Size = "S" | "M" | "L";

const shape: Record<Size, { frames: number; crumbs: number; modules: number; vars: number }> = {
  S: { frames: 3, crumbs: 1, modules: 0, vars: 0 },
  M: { frames: 22, crumbs: 50, modules: 60, vars: 8 },
  L: { frames: 60, crumbs: 100, modules: 250, vars: 16 },
};
const kinds = 1000;

/** Small, fast and good enough: mulberry32. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const eventIdOf = (run: string, number: number) =>
  createHash("md5").update(`${run}:${number}`).digest("hex");

export function sizeOf(random: () => number): Size {
  const draw = random();
  return draw < 0.5 ? "S" : draw < 0.9 ? "M" : "L";
}

/** The number-th event of a run, as an SDK would send it: gzipped, its id in the header. */
export function envelopeOf(
  run: string,
  number: number,
  size?: Size,
): { eventId: string; body: Buffer; raw: number } {
  const random = randomOf(number * 7919 + run.length);
  const eventId = eventIdOf(run, number);
  const kind = Math.floor(kinds ** random()) - 1;
  const payload = JSON.stringify(eventOf(kind, number, size ?? sizeOf(random), random));
  const sentAt = new Date().toISOString();
  const text = `${JSON.stringify({ event_id: eventId, sent_at: sentAt, sdk: { name: "sentry.javascript.node", version: "11.12.0" } })}\n{"type":"event"}\n${payload}`;
  return { eventId, body: gzipSync(text), raw: text.length };
}

function eventOf(kind: number, number: number, size: Size, random: () => number) {
  const { frames, crumbs, modules, vars } = shape[size];
  const word = (length: number) =>
    Array.from({ length }, () => Math.floor(random() * 36).toString(36)).join("");
  const frame = (index: number) => {
    const own = index > frames / 2;
    const place = (kind * 31 + index * 17) % 997;
    return {
      filename: own
        ? `/srv/shop/src/module${place}.js`
        : `/srv/shop/node_modules/lib${place}/index.js`,
      module: own ? `module${place}` : `lib${place}:index`,
      function: `step${place}_${index}`,
      lineno: 10 + place,
      colno: 5,
      in_app: own,
      pre_context: Array.from(
        { length: 3 },
        (_, line) => `  const before${line} = load(${place}, ${line});`,
      ),
      context_line: `  return handle${place}(request, options);`,
      post_context: Array.from({ length: 3 }, (_, line) => `  release(after${line}, ${place});`),
      ...(vars > 0 &&
        own && {
          vars: Object.fromEntries(
            Array.from({ length: vars }, (_, each) => [
              `value${each}`,
              `${word(16)} of ${place} after ${kind}`,
            ]),
          ),
        }),
    };
  };
  return {
    platform: "node",
    timestamp: Date.now() / 1000,
    level: "error",
    environment: ["production", "staging"][kind % 2],
    release: `shop@1.${kind % 20}.0`,
    server_name: `web-${number % 8}`,
    transaction: `GET /route${kind % 50}/:id`,
    exception: {
      values: [
        {
          type: `Error${kind}`,
          value: `Could not load cart ${number} of customer ${word(8)}`,
          mechanism: { type: "generic", handled: number % 5 !== 0 },
          stacktrace: { frames: Array.from({ length: frames }, (_, index) => frame(index)) },
        },
      ],
    },
    breadcrumbs: Array.from({ length: crumbs }, (_, index) => ({
      type: "http",
      category: "fetch",
      timestamp: Date.now() / 1000 - index,
      data: {
        url: `https://api.shop.example/v1/items/${word(size === "S" ? 6 : 44)}`,
        method: "GET",
        status_code: 200,
      },
    })),
    user: { id: `user-${Math.floor(random() * 5000)}` },
    tags: {
      plan: ["free", "pro", "team"][number % 3],
      region: `eu-${kind % 4}`,
      feature: `f${kind % 10}`,
    },
    contexts: {
      runtime: { name: "node", version: "v22.23.3" },
      os: { name: "Linux", version: "6.1.0" },
      trace: {
        trace_id: eventIdOf("trace", number),
        span_id: eventIdOf("span", number).slice(0, 16),
      },
    },
    request: {
      url: `https://shop.example/route${kind % 50}/${number}`,
      method: "GET",
      headers: {
        Accept: "application/json",
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
      },
    },
    ...(modules > 0 && {
      modules: Object.fromEntries(
        Array.from({ length: modules }, (_, index) => [
          `package-${index}-${(index * 7) % 13}`,
          `${index % 9}.${index % 7}.0`,
        ]),
      ),
    }),
  };
}
