import { lookUp } from "../protocol/dictionary";
import { isObject, type Json } from "../protocol/json";
import { isNothing, listIn, objectIn, saysAnything } from "./expected";
import { noteError, type Report } from "./report";
import { textOf } from "./text";
import { clip } from "./tree";

export type Sdk = {
  name?: string;
  version?: string;
  integrations?: string[];
  packages?: Json;
  settings?: Json;
};

const integrationsMax = 100;

const platforms = new Set(
  "as3 c cfml cocoa csharp dart elixir go groovy haskell java javascript native node objc other perl php python ruby rust".split(
    " ",
  ),
);

const limits = { depth: 4, chars: 8192, stringChars: 256, members: 50 };

/** The payload's `sdk`, else what the credentials or the User-Agent say of the client. */
export function normalizeSdk(
  value: Json | undefined,
  client: string | undefined,
  report: Report,
): Sdk | undefined {
  const source = objectIn(report, "sdk", value) ?? {};
  const [clientName, clientVersion] = (client ?? "").split("/");
  const name = textOf(source.name, 128) ?? textOf(clientName, 128);
  if (!name) {
    if (saysAnything(source)) noteError(report, "invalid_data", "sdk.name", source);
    return undefined;
  }
  const version = textOf(source.version, 64) ?? textOf(clientVersion, 64);
  const integrations = listIn(report, "sdk.integrations", source.integrations)
    .slice(0, integrationsMax)
    .flatMap((each) => textOf(each, 128) ?? []);
  const packages = (
    isObject(source.packages) ? [source.packages] : listIn(report, "sdk.packages", source.packages)
  ).filter((each) => !isNothing(each));
  const settings = objectIn(report, "sdk.settings", source.settings);
  return {
    name,
    ...(version && { version }),
    ...(integrations.length > 0 && { integrations }),
    ...(packages.length > 0 && { packages: clip(packages, limits, report, "sdk.packages") }),
    ...(settings &&
      !isNothing(settings) && { settings: clip(settings, limits, report, "sdk.settings") }),
  };
}

/** A known platform, else what the SDK's name tells, else `other`. */
export function platformOf(
  value: Json | undefined,
  sdkName: string | undefined,
  report: Report,
): string {
  const platform = textOf(value, 64)?.toLowerCase();
  if (platform !== undefined) {
    if (platforms.has(platform)) return platform;
    noteError(report, "invalid_data", "platform", value);
    return "other";
  }
  const family = /^(?:sentry[.-]|raven-)(\w+)/.exec(sdkName ?? "")?.[1];
  const named: Record<string, string> = { js: "javascript", dotnet: "csharp" };
  const guess = family ? (lookUp(named, family) ?? family) : "other";
  return platforms.has(guess) ? guess : "other";
}

export function releaseOf(value: unknown, report: Report): string | undefined {
  const release = textOf(value, 250);
  if (!release) return undefined;
  if (release.length > 200 || /[\n\r\t/\\]/.test(release) || /^\.{1,2}$/.test(release)) {
    noteError(report, release.length > 200 ? "value_too_long" : "invalid_data", "release", release);
    return undefined;
  }
  return release;
}

export function environmentOf(value: unknown, report: Report): string | undefined {
  const environment = textOf(value, 100);
  if (!environment) return undefined;
  if (environment.length > 64 || /[\n\r/]/.test(environment) || environment === "None") {
    noteError(report, "invalid_data", "environment", environment);
    return undefined;
  }
  return environment;
}
