import type { NameRule } from "./name-rule";

/** Ruby: methods of compiled templates and callbacks, evaluated code, classes in labels. */
export const rubyRules: readonly NameRule[] = [
  {
    name: "compiled template",
    of: ["function"],
    has: "__",
    pattern: (text) =>
      text.replace(/_{2,3}\d{5,24}_\d{1,24}(?!\w)/g, "").replace(/__tilt_\d{1,24}/g, "__tilt"),
    examples: [
      [
        "_app_views_home_index_html_erb___2412767935268124114_70177239986900",
        "_app_views_home_index_html_erb",
      ],
      [
        "block in _app_views_home_index_html_haml__1187345230011223344_46912",
        "block in _app_views_home_index_html_haml",
      ],
      ["__tilt_70177239986900", "__tilt"],
      ["block in __tilt_860", "block in __tilt"],
    ],
    stays: ["import__2024_01", "step_1", "__method__"],
  },
  {
    name: "callback method",
    of: ["function"],
    has: "_",
    pattern: (text) =>
      text
        .replace(/(?<=_run)__\d{1,24}__(?=\w)/g, "__")
        .replace(/(?<=__[a-z_]{1,60})__\d{1,24}__(?=callbacks)/g, "__")
        .replace(/(_callback_(?:before|after|around)|__bind)(?:_\d{1,24}){1,4}/g, "$1"),
    examples: [
      ["_run__1234567890__process_action__987654321__callbacks", "_run__process_action__callbacks"],
      ["_conditional_callback_around_12", "_conditional_callback_around"],
      ["__bind_1634553600_123456", "__bind"],
    ],
    stays: ["after_run_2"],
  },
  {
    name: "evaluated code",
    of: ["file"],
    has: "(",
    pattern: (text) => {
      const at = /^\((eval|irb|pry|erb)(?: at (.{1,400}?))?(?::\d{1,9})?\)(?::\d{1,9})?$/.exec(
        text,
      );
      if (!at) return text;
      const file = at[2]?.replaceAll("\\", "/").split("/").at(-1);
      return file ? `(${at[1]} at ${file})` : `(${at[1]})`;
    },
    examples: [
      ["(eval at /app/lib/rules.rb:12)", "(eval at rules.rb)"],
      ["(eval):12", "(eval)"],
      ["(irb):3", "(irb)"],
      ["(eval)", "(eval)"],
    ],
    stays: ["/app/copy (2).rb"],
  },
  {
    name: "class in a label",
    of: ["function"],
    pattern: /(?<![\w:<])[A-Z]\w{0,100}(?:::[A-Z]\w{0,100}){0,20}[#.](?=[a-z_])/g,
    to: "",
    examples: [
      ["Shop::Cart#total", "total"],
      ["block in Shop::Cart.load", "block in load"],
    ],
    stays: ["<class:Cart>", "total", "Cart"],
  },
];
