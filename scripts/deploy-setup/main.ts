import { spawn } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ask } from "../ask";
import { readWranglerConfig } from "../local/wrangler-config";
import { hasUsers, makeInitialUser } from "../make-user";
import { checkedServer } from "../server-setting";
import { chooseAccount, readToken, wranglerPath } from "./account";
import { openCloudflareApi } from "./cloudflare-api";
import { deploySetup } from "./deploy-setup";
import { stepsOf } from "./steps";
import { untilReady } from "./until-ready";

/** `npm run deploy:setup`: from an empty Cloudflare account to an installation that answers; again, to repair one. */

const usage = `npm run deploy:setup [-- --yes] [--dry-run] [--url https://errors.example.com]

Makes what wrangler.toml names at Cloudflare (queues, bucket), the secrets, the tables, and deploys. What is there
is left alone, so run it as often as you like.

  --dry-run   only say what is missing
  --yes       do not ask
  --url       the address of the installation; without it the one in wrangler.toml, or one on workers.dev

It uses CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID, or the login of \`npx wrangler login\`. DATABASE_URL,
UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN come from the environment, or are asked for. AUTH_SECRET is made,
unless it is in the environment. INITIAL_USER_EMAIL and INITIAL_USER_PASSWORD make the first user.`;

const secretNames = [
  "DATABASE_URL",
  "UPSTASH_REDIS_REST_URL",
  "UPSTASH_REDIS_REST_TOKEN",
  "AUTH_SECRET",
];
/** npm runs scripts in the folder of the package. */
const folder = process.cwd();
const isInteractive = process.stdin.isTTY === true;

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      yes: { type: "boolean", default: false },
      "dry-run": { type: "boolean", default: false },
      url: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return true;
  }
  if (values.url !== undefined && !URL.canParse(values.url)) {
    throw new Error("--url is an address like https://errors.example.com");
  }
  const isDryRun = values["dry-run"];
  const config = readWranglerConfig(join(folder, "wrangler.toml"));
  const token = await readToken(folder, process.env);
  const base = process.env.CLOUDFLARE_API_BASE_URL ?? "https://api.cloudflare.com/client/v4";
  const api = openCloudflareApi(base.replace(/\/+$/, ""), token);
  const named = process.env.CLOUDFLARE_ACCOUNT_ID ?? config.account_id;
  const accountId = await chooseAccount(api, typeof named === "string" ? named : undefined);
  const secrets = await readSecrets(isDryRun || values.yes);
  const steps = stepsOf({
    api,
    accountId,
    config,
    secrets,
    url: values.url,
    deploy: (tag) => runWrangler(["deploy", "--tag", tag], accountId),
  });
  const agree = async (question: string) => {
    if (values.yes) return true;
    if (!isInteractive) throw new Error("Nobody can be asked here: say --yes.");
    return /^\s*y(es)?\s*$/i.test(await ask(`${question} [y/N] `));
  };
  const print = (line: string) => console.log(withoutSecrets(line, [token, ...secrets.values()]));
  const outcome = await deploySetup(steps, { print, agree }, isDryRun);
  if (outcome !== "complete" || isDryRun) return outcome !== "failed";
  const publicUrl = String(readWranglerConfig(join(folder, "wrangler.toml")).vars.PUBLIC_URL);
  const wrong = await untilReady(publicUrl);
  if (wrong) {
    console.log(`✗ ${publicUrl}/_health/ready: ${wrong}`);
    return false;
  }
  console.log(`✓ ${publicUrl}/_health/ready: everything works`);
  await offerUser(secrets.get("DATABASE_URL") ?? "");
  return true;
}

/** What is not in the environment is asked for where somebody can answer; an empty answer leaves it out. */
async function readSecrets(isSilent: boolean): Promise<Map<string, string>> {
  const secrets = new Map<string, string>();
  for (const name of secretNames) {
    const given = process.env[name];
    if (given) secrets.set(name, checkedSecret(name, given));
    if (given || isSilent || !isInteractive || name === "AUTH_SECRET") continue;
    const answer = (await ask(`${name} (empty: it is there already): `, true)).trim();
    if (answer) secrets.set(name, checkedSecret(name, answer));
  }
  return secrets;
}

const checkedSecret = (name: string, text: string) =>
  name === "DATABASE_URL" || name === "UPSTASH_REDIS_REST_URL" ? checkedServer(name, text) : text;

/** What others say of an error may repeat what they were given. */
const withoutSecrets = (line: string, secrets: string[]) =>
  secrets.reduce((text, secret) => text.replaceAll(secret, "[Filtered]"), line);

/** wrangler has its own way to the token, and needs no secret of the installation. */
function runWrangler(args: string[], accountId: string): Promise<void> {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    CLOUDFLARE_ACCOUNT_ID: accountId,
    WRANGLER_SEND_METRICS: "false",
  };
  for (const name of secretNames) delete env[name];
  // It is not to ask: what there is to ask was asked.
  return run([wranglerPath(folder), ...args], env, "ignore");
}

function run(args: string[], env: NodeJS.ProcessEnv, stdin: "inherit" | "ignore"): Promise<void> {
  return new Promise((resolve, reject) => {
    const stdio = [stdin, "inherit", "inherit"] as const;
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: [...stdio] });
    child.once("error", reject);
    child.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error("It failed, and says why above.")),
    );
  });
}

async function offerUser(databaseUrl: string): Promise<void> {
  const made = await makeInitialUser(databaseUrl);
  if (made) {
    console.log(`+ first user ${made.email}`);
    return;
  }
  if (await hasUsers(databaseUrl)) return;
  const email = isInteractive
    ? (await ask("E-mail address of the first user (empty: later): ")).trim()
    : "";
  if (!email) {
    console.log(
      "Make the first user: npm run create-user -- --email you@example.com --superuser --token",
    );
    return;
  }
  const script = [
    "--import",
    "tsx",
    "scripts/create-user.ts",
    "--email",
    email,
    "--superuser",
    "--token",
  ];
  await run(script, { ...process.env, DATABASE_URL: databaseUrl }, "inherit");
}

try {
  if (!(await main())) process.exitCode = 1;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
