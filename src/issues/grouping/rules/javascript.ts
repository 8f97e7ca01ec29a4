import { bundledFileRule } from "./file-names";
import type { NameRule } from "./name-rule";
import { dropTheFrame } from "./name-rule";

/** Browsers, Node and other runtimes of JavaScript: bundles, evaluated code, WebAssembly, what compilers number. */
export const javascriptRules: readonly NameRule[] = [
  {
    name: "wrapper of an SDK",
    of: ["function"],
    has: "rapped",
    pattern: /^(?:\w{1,60}\.)?(?:sentryWrapped|ravenWrapped|wrapped)$/,
    to: dropTheFrame,
    examples: [
      ["sentryWrapped", dropTheFrame],
      ["HTMLElement.wrapped", dropTheFrame],
    ],
    stays: ["unwrapped", "wrappedCall"],
  },
  {
    name: "function of WebAssembly by number",
    of: ["function"],
    pattern: /^(?:.{0,200}\.)?(?:wasm-function\[\d{1,9}\]|\$?func\d{1,9})$/,
    to: "",
    examples: [
      ["wasm-function[123]", ""],
      ["<anonymous>.wasm-function[12]", ""],
      ["$func123", ""],
    ],
    stays: ["myfunc12", "$load_cart"],
  },
  {
    name: "place in a list of promises",
    of: ["function"],
    has: " (index ",
    pattern: / \(index \d{1,9}\)$/,
    to: "",
    examples: [["Promise.all (index 3)", "Promise.all"]],
    stays: ["Promise.all"],
  },
  {
    name: "module of a bundle",
    of: ["function"],
    pattern: (text) =>
      /[\\/]/.test(text) ||
      /^(?:\w{1,60}\.)?\d{1,9}$/.test(text) ||
      /^(?:eval|global|module) code$/.test(text)
        ? ""
        : text,
    examples: [
      ["Object../src/cart.js", ""],
      ["Module.4567", ""],
      ["[project]/src/cart.ts [app-client] (ecmascript) <module evaluation>", ""],
      ["eval code", ""],
    ],
    stays: ["Object.load", "Cart.load"],
  },
  {
    name: "numbered by the compiler",
    of: ["function"],
    pattern: (text) =>
      text
        .replace(/^(_callee|_loop)_?\d{0,6}\$?$/, "$1")
        .replace(/^\?anon_\d{1,6}_/, "")
        .replace(/(\$\$RSC_SERVER_ACTION)_\d{1,6}/, "$1")
        .replace(/^(\w{1,200}_(?:Template\w{0,200}|\w{1,100}_listener))$/, (name) =>
          name.replace(/_\d{1,6}(?=_)/g, ""),
        ),
    examples: [
      ["_callee12$", "_callee"],
      ["_callee$", "_callee"],
      ["_loop_1", "_loop"],
      ["?anon_0_load", "load"],
      ["$$RSC_SERVER_ACTION_3", "$$RSC_SERVER_ACTION"],
      ["CartComponent_Conditional_3_Template", "CartComponent_Conditional_Template"],
      [
        "CartComponent_Template_button_click_5_listener",
        "CartComponent_Template_button_click_listener",
      ],
    ],
    stays: ["step_1", "step_2", "load_2_items"],
  },
  {
    name: "duplicate of a bundler",
    of: ["function", "type"],
    has: "$",
    pattern: /\$\d{1,6}(?!\w)/g,
    to: "",
    examples: [
      ["create_fragment$1", "create_fragment"],
      ["Cart$2.load", "Cart.load"],
    ],
    stays: ["$1x", "step$one"],
  },
  {
    name: "script from a blob or data address",
    of: ["file"],
    has: ":",
    pattern: /^(blob|data):[^]*/,
    to: "<$1>",
    examples: [
      ["blob:https://a.example/2f5a7c1e-1111-4222-8333-abcdefabcdef", "<blob>"],
      ["data:text/javascript;base64,QUJD", "<data>"],
    ],
    stays: ["/js/blob.js", "app:///main.js"],
  },
  {
    name: "evaluated code",
    of: ["file"],
    pattern: (text) =>
      text
        .replace(/^\/?(?:VM|REPL)\d{1,9}(?::\d{1,9}){0,2}$/, "<eval>")
        .replace(/^eval at [^]*/, "<eval>")
        .replace(/(?: |%20)line(?: |%20)\d{1,9}(?: |%20)(?:>|%3E)(?: |%20)(\w{1,40})/g, " > $1"),
    examples: [
      ["VM123", "<eval>"],
      ["VM123:4:5", "<eval>"],
      ["REPL7", "<eval>"],
      ["eval at load (https://a.example/app.js:12:5)", "<eval>"],
      ["/app.js line 12 > eval", "/app.js > eval"],
      ["/app.js%20line%2012%20%3E%20eval", "/app.js > eval"],
    ],
    stays: ["/js/VM1.js", "/js/eval.js"],
  },
  {
    name: "place in WebAssembly",
    of: ["file"],
    has: "wasm",
    pattern: (text) =>
      text.replace(/^wasm:\/\/[^]*/, "<wasm>").replace(/:wasm-function\[[^]*$/, ""),
    examples: [
      ["wasm://wasm/00c1e8ba", "<wasm>"],
      ["/app.wasm:wasm-function[12]:0x1a2b", "/app.wasm"],
    ],
    stays: ["/app.wasm"],
  },
  bundledFileRule,
];
