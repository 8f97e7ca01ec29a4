import { reasonNotServerUrl, type ServerName } from "../src/protocol/server-url";

/**
 * The address of a server that the environment names; an empty one is none. Commands read these here alone. Throws
 * naming the setting when it is wrong, and not a piece of what it was set to.
 */
export function serverSetting(
  name: ServerName,
  environment: Record<string, string | undefined> = process.env,
): string | undefined {
  const text = environment[name];
  return text ? checkedServer(name, text) : undefined;
}

/** The same of what somebody typed. */
export function checkedServer(name: ServerName, text: string): string {
  const wrong = reasonNotServerUrl(text, name);
  if (wrong !== undefined) throw new Error(`${name}: ${wrong}`);
  return text;
}
