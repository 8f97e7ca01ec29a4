import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "./local/places";

/** Turns the patterns of uap-core (Apache-2.0) into the compact form that src/events/user-agent.ts reads. */
type Source = Record<string, { [field: string]: string }[]>;

const folder = dirname(createRequire(import.meta.url).resolve("uap-core/package.json"));
const source: Source = parse(readFileSync(join(folder, "regexes.yaml"), "utf8"));

const rows = (list: string, fields: string[]) =>
  (source[list] ?? []).map((entry) => {
    const row = [entry.regex, entry.regex_flag ?? "", ...fields.map((field) => entry[field] ?? "")];
    while (row.at(-1) === "") row.pop();
    return row;
  });

const patterns = {
  notice: "Derived from uap-core, https://github.com/ua-parser/uap-core, Apache License 2.0",
  browsers: rows("user_agent_parsers", [
    "family_replacement",
    "v1_replacement",
    "v2_replacement",
    "v3_replacement",
  ]),
  systems: rows("os_parsers", [
    "os_replacement",
    "os_v1_replacement",
    "os_v2_replacement",
    "os_v3_replacement",
  ]),
  devices: rows("device_parsers", ["device_replacement", "brand_replacement", "model_replacement"]),
};
writeFileSync(
  join(projectRoot, "src/events/user-agent-patterns.json"),
  `${JSON.stringify(patterns)}\n`,
);
