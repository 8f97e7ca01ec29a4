/** A way to do one thing, e.g. with one of several package managers. */
export type Variant = { label: string; code: string };
export type SourceFile = { name: string; code: string };

/**
 * How an application of one kind is made to send its errors here. `__DSN__`, `__KEY__`, `__ENVELOPE__` and `__REPORTS__`
 * in a text stand for the project's own.
 */
export type Platform = {
  install: Variant[];
  files: SourceFile[];
  /** What breaks something, to see that it arrives. */
  verify: SourceFile;
  /** The manual of the SDK. */
  docs: string;
};

const manual = "https://docs.sentry.io/platforms";

/** A package of npm, by each manager. */
export const fromNpm = (packages: string): Variant[] => [
  { label: "npm", code: `npm install ${packages}` },
  { label: "pnpm", code: `pnpm add ${packages}` },
  { label: "yarn", code: `yarn add ${packages}` },
  { label: "bun", code: `bun add ${packages}` },
];

/** A package of PyPI, by each manager; `extra` is in square brackets. */
export const fromPyPi = (extra?: string): Variant[] => {
  const name = extra ? `"sentry-sdk[${extra}]"` : "sentry-sdk";
  return [
    { label: "pip", code: `pip install --upgrade ${name}` },
    { label: "uv", code: `uv add ${name}` },
    { label: "poetry", code: `poetry add ${name}` },
  ];
};

/** One version for all libraries of the JVM; Maven reads every version's file where a range is given. */
const javaVersion = "8.51.0";

/** A line for build files of Gradle, in Kotlin and in Groovy. */
export const fromGradle = (artifact: string): string =>
  `implementation("io.sentry:${artifact}:${javaVersion}")`;

/** A library of Maven Central; `suffix` tells ways to install of one platform apart. */
export const fromMaven = (artifact: string, suffix = ""): Variant[] => [
  { label: `Gradle${suffix}`, code: fromGradle(artifact) },
  {
    label: `Maven${suffix}`,
    code: `<dependency>
  <groupId>io.sentry</groupId>
  <artifactId>${artifact}</artifactId>
  <version>${javaVersion}</version>
</dependency>`,
  },
];

export const docsOf = (path: string): string => `${manual}/${path}/`;
export const guideOf = (path: string): string => `${manual}/javascript/guides/${path}/`;
