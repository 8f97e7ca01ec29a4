import type { NameRule } from "./name-rule";

/** Python: cells of notebooks, code that libraries write and compile, temporary files. */
export const pythonRules: readonly NameRule[] = [
  {
    name: "cell of a notebook",
    of: ["file"],
    pattern:
      /^(?:.{0,400}[\\/])?(?:ipykernel_\d{1,12}[\\/]\d{1,20}\.py|ipython-input-\d[\w-]{0,80}(?:\.py)?)$|^<(?:ipython-input-[\w-]{1,80}|command-\d{1,20}(?:-\d{1,20})?)>$/,
    to: "<cell>",
    examples: [
      ["/home/jovyan/ipykernel_2211/1234567890.py", "<cell>"],
      ["C:\\Users\\ada\\AppData\\Local\\Temp\\ipykernel_12\\34.py", "<cell>"],
      ["<ipython-input-12-abcdef012345>", "<cell>"],
      ["/tmp/ipython-input-3-1a2b3c.py", "<cell>"],
      ["<command-1234567890>", "<cell>"],
    ],
    stays: ["/app/ipykernel/kernel.py", "<string>", "<stdin>"],
  },
  {
    name: "cell of a notebook",
    of: ["function"],
    has: "<cell line",
    pattern: /^<cell line: \d{1,9}>(?:\(\))?$/,
    to: "<module>",
    examples: [
      ["<cell line: 12>", "<module>"],
      ["<cell line: 1>()", "<module>"],
    ],
    stays: ["<module>"],
  },
  {
    name: "generated source",
    of: ["file"],
    has: "<",
    pattern: (text) =>
      text
        .replace(/^(<.*?)(?:-\d{1,9}|\[\d{1,9}\])>$/, "$1>")
        .replace(/^(<eval_with_key>)\.\d{1,9}/, "$1"),
    examples: [
      ["<decorator-gen-123>", "<decorator-gen>"],
      ["<attrs generated init shop.Cart-2>", "<attrs generated init shop.Cart>"],
      ["<lambdifygenerated-5>", "<lambdifygenerated>"],
      ["<doctest shop.cart[3]>", "<doctest shop.cart>"],
      ["<eval_with_key>.12", "<eval_with_key>"],
    ],
    stays: ["<frozen importlib._bootstrap>", "<__array_function__ internals>"],
  },
  {
    name: "compiled by torch",
    of: ["function"],
    has: "_",
    pattern: /^(__compiled_fn|torch_dynamo_resume_in_\w{1,200}?_at)_\d{1,9}$/,
    to: "$1",
    examples: [
      ["__compiled_fn_3", "__compiled_fn"],
      ["torch_dynamo_resume_in_forward_at_123", "torch_dynamo_resume_in_forward_at"],
    ],
    stays: ["step_1", "look_at_3"],
  },
  {
    name: "temporary file",
    of: ["file"],
    has: "tmp",
    pattern: /(?<=(?:\/tmp|\/T|\\Temp)[\\/])tmp[a-z0-9_]{8}(?=\.\w{1,8}$|$)/,
    to: "<temporary>",
    examples: [
      ["/tmp/tmpab12cd34.py", "/tmp/<temporary>.py"],
      ["/var/folders/xx/T/tmpabcdefgh", "/var/folders/xx/T/<temporary>"],
    ],
    stays: ["/srv/app/tmpstorages.py", "/tmp/tmpfile.py"],
  },
  {
    name: "imported under a made-up name",
    of: ["module"],
    has: "unusual_prefix_",
    pattern: /unusual_prefix_[0-9a-f]{40}_/,
    to: "unusual_prefix_",
    examples: [
      ["unusual_prefix_0123456789abcdef0123456789abcdef01234567_nightly", "unusual_prefix_nightly"],
    ],
    stays: ["unusual_prefix_nightly"],
  },
  {
    name: "record that holds code",
    of: ["file"],
    has: ",)",
    pattern: /\(\d{1,12},\)/,
    to: "",
    examples: [["ir.actions.server(662,)", "ir.actions.server"]],
    stays: ["/app/server(2).py"],
  },
];
