import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { operatorScope } from "../src/access/schemas";
import { ask } from "./ask";
import { readHolder } from "./local/hold";
import { stateDirectory } from "./local/places";
import { makeUser } from "./make-user";
import { serverSetting } from "./server-setting";

const help = `npm run create-user -- --email ada@example.com [options]

Makes a user, or sets a new password for the one who has the address (which also ends all sessions).
The password is read from standard input, or from INITIAL_USER_PASSWORD.

  --email address   who (or INITIAL_USER_EMAIL)
  --name name       how the person is called
  --superuser       may operate the whole installation
  --token           also print an API token with all scopes (INITIAL_USER_AUTH_TOKEN gives one)
  --sentry          make that token for Sentry's clients (sentry-cli and others)
  --internal        let that token of a superuser operate the whole installation too (scope ${operatorScope})

DATABASE_URL names the database; without it the one of a running \`npm start\` is used.`;

async function readPassword(): Promise<string | undefined> {
  if (process.env.INITIAL_USER_PASSWORD) return process.env.INITIAL_USER_PASSWORD;
  if (process.stdin.isTTY) {
    return (await ask("Password (empty keeps the old one): ", true)) || undefined;
  }
  for await (const line of createInterface({ input: process.stdin })) return line || undefined;
  return undefined;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      email: { type: "string" },
      name: { type: "string" },
      superuser: { type: "boolean", default: false },
      token: { type: "boolean", default: false },
      sentry: { type: "boolean", default: false },
      internal: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const email = values.email ?? process.env.INITIAL_USER_EMAIL;
  if (values.help || !email) {
    console.log(help);
    if (!values.help) process.exitCode = 1;
    return;
  }
  const databaseUrl = serverSetting("DATABASE_URL") ?? readHolder(stateDirectory)?.databaseUrl;
  if (!databaseUrl) {
    throw new Error("Set DATABASE_URL, or start Brinkwatch here first with npm start.");
  }
  const made = await makeUser(databaseUrl, {
    email,
    name: values.name,
    isSuperuser: values.superuser,
    password: await readPassword(),
    token: process.env.INITIAL_USER_AUTH_TOKEN,
    dialect: values.token ? (values.sentry ? "sentry" : "glitchtip") : undefined,
    isOperator: values.internal,
  });
  console.log(`${made.email} ${made.isNew ? "was made" : "was changed"}.`);
  if (made.token) console.log(`API token  ${made.token}\nIt is not shown again.`);
}

try {
  await main();
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
