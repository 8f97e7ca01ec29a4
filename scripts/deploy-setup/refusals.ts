type Refusal = { code: number; message: string };

const permissions =
  "Account Settings (read), Workers Scripts (edit), Queues (edit) and Workers R2 Storage (edit)";

/** What to do about what Cloudflare refuses, by its codes. */
const advice: [codes: readonly number[], words: (account: string) => string][] = [
  [
    [6003, 6111, 9106, 9107, 9109, 1000, 1001],
    () =>
      "Cloudflare does not know this token. Set CLOUDFLARE_API_TOKEN, or run `npx wrangler login`.",
  ],
  [
    [10_000, 10_001, 9103],
    () => `The token may not do this. It needs the permissions ${permissions} on this account.`,
  ],
  [
    [100_129, 10_015, 11_002],
    (account) =>
      `Queues need the plan Workers Paid: https://dash.cloudflare.com/${account}/workers/plans`,
  ],
  [[10_042], (account) => `Enable R2 once: https://dash.cloudflare.com/${account}/r2`],
];
const messageCharsMax = 300;

/** Why Cloudflare refused, in its words where they say more than ours. */
export function wordsOfRefusal(path: string, status: number, refusals: Refusal[]): string {
  const account = /\/accounts\/(\w+)/.exec(path)?.[1] ?? "";
  for (const [codes, words] of advice) {
    if (refusals.some(({ code }) => codes.includes(code))) return words(account);
  }
  const said = refusals.map(({ code, message }) => `${plain(message)} (code ${code})`);
  return said.length > 0
    ? `Cloudflare refuses: ${said.join("; ")}`
    : `Cloudflare answered ${status} without saying why. Try again in a minute.`;
}

/** What others wrote moves no cursor and fills no screen. */
const plain = (text: string) => text.slice(0, messageCharsMax).replace(/[\p{Cc}\p{Cf}]+/gu, " ");
