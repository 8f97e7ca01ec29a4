import type { NameRule } from "./name-rule";

/** Made-up names that are alike in all languages. They come after those of the platform. */
export const generalRules: readonly NameRule[] = [
  {
    name: "minified type",
    of: ["type", "function"],
    has: "minified:",
    pattern: /minified:\w+/g,
    to: "",
    examples: [
      ["minified:kP", ""],
      ["minified:kP<minified:aQ>", "<>"],
    ],
    stays: ["MinifiedError"],
  },
  {
    name: "address of memory",
    of: ["function", "module", "type"],
    has: "0x",
    pattern: /0x[0-9a-f]{4,16}(?![0-9a-z])/gi,
    to: "<address>",
    examples: [
      ["#<Class:0x00007f6bfe3287e8>#call", "#<Class:<address>>#call"],
      ["memory:0x7f6bfe32", "memory:<address>"],
    ],
    stays: ["parse0x", "write0xFF"],
  },
  {
    name: "UUID",
    of: ["function", "module", "type"],
    has: "-",
    pattern: /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi,
    to: "<uuid>",
    examples: [["job-3fa85f64-5717-4562-b3fc-2c963f66afa6", "job-<uuid>"]],
    stays: ["user-settings-page"],
  },
  {
    name: "hash",
    of: ["function", "module", "type"],
    pattern: /(?<![0-9a-z])(?=[a-f]{0,40}\d)[0-9a-f]{8,128}(?![0-9a-z])/gi,
    to: "<hash>",
    examples: [
      ["content_5f3a1b2c3d4e5f_12345678", "content_<hash>_<hash>"],
      ["Mock_Cart_1a2b3c4d", "Mock_Cart_<hash>"],
      ["rules.Rule_Age_7634872364872", "rules.Rule_Age_<hash>"],
    ],
    stays: ["step_1", "step_2", "sha256", "feedback_facade", "Base64Url2"],
  },
];
