import type { NameRule } from "./name-rule";

/** C#, F#, Visual Basic: what compilers number, and classes and methods made at run time. */
export const dotnetRules: readonly NameRule[] = [
  {
    name: "numbered by the compiler",
    of: ["function", "module", "type"],
    pattern:
      /((?:>[bdm]|>c__Iterator|>c__AnonStorey|DisplayClass|__AnonymousType|Closure\$|Lambda\$|StateMachine)_{0,2})\d{1,9}(?:[_-]\d{1,9})?/g,
    to: "$1",
    examples: [
      ["Shop.Cart.<Load>b__12_0", "Shop.Cart.<Load>b__"],
      ["Shop.Cart+<>c__DisplayClass12_0", "Shop.Cart+<>c__DisplayClass"],
      ["Shop.Cart+<LoadAsync>d__7.MoveNext", "Shop.Cart+<LoadAsync>d__.MoveNext"],
      ["<>f__AnonymousType3`2", "<>f__AnonymousType`2"],
      ["Shop.Cart._Closure$__12-0", "Shop.Cart._Closure$__"],
      ["Shop.Cart.VB$StateMachine_12_Load", "Shop.Cart.VB$StateMachine__Load"],
      ["Shop.Cart.<Load>c__Iterator0", "Shop.Cart.<Load>c__Iterator"],
    ],
    stays: ["List`1", "Shop.Cart.Step1", "Shop.Cart.<Main>$"],
  },
  {
    name: "local function",
    of: ["function"],
    has: ">g__",
    pattern: /(>g__\w{1,200})\|\d{1,9}(?:_\d{1,9})?/g,
    to: "$1",
    examples: [["Shop.Cart.<Load>g__Read|12_0", "Shop.Cart.<Load>g__Read"]],
    stays: ["Shop.Cart.Read2"],
  },
  {
    name: "lambda by its place",
    of: ["function"],
    has: "=>",
    pattern: / ?\[\d{1,9}\]$/,
    to: "",
    examples: [["void Shop.Cart.Load()+(x) => { } [2]", "void Shop.Cart.Load()+(x) => { }"]],
    stays: ["void Shop.Cart.Load()+(x) => { }"],
  },
  {
    name: "method made at run time",
    of: ["function", "module", "type"],
    pattern:
      /(?<!\w)(lambda_method|Submission#|Regex(?=\d{1,9}_)|AspNetCompiled|App_Web_)(?:\d{1,9}|(?<=App_Web_)[a-z0-9]{8})(?![A-Za-z0-9])/g,
    to: "$1",
    examples: [
      ["lambda_method123(Closure, Object)", "lambda_method(Closure, Object)"],
      ["Submission#0.<<Initialize>>d__0", "Submission#.<<Initialize>>d__0"],
      ["App_Web_x1y2z3ab", "App_Web_"],
      ["Regex12_Go", "Regex_Go"],
    ],
    stays: ["RegexParser1", "Shop.Cart.lambda_method"],
  },
  {
    name: "proxy class",
    of: ["function", "module", "type"],
    has: "Castle.Proxies.",
    pattern: /Proxy_\d{1,9}/g,
    to: "Proxy",
    examples: [["Castle.Proxies.CartProxy_3.Total", "Castle.Proxies.CartProxy.Total"]],
    stays: ["Castle.Proxies.CartProxy.Total"],
  },
  {
    name: "F# closure by its line",
    of: ["function", "module", "type"],
    pattern: (text) => text.replace(/@\d{1,9}(?:-\d{1,9})?/g, "@").replace(/ at line \d{1,9}/g, ""),
    examples: [
      ["Shop.Cart.load@12-3.Invoke", "Shop.Cart.load@.Invoke"],
      ["Shop.Pipe #1 stage #2 at line 12@12", "Shop.Pipe #1 stage #2@"],
    ],
    stays: ["Shop.Cart.load"],
  },
];
