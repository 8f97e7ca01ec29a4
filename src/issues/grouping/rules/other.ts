import type { NameRule } from "./name-rule";

/** Go, Erlang and Elixir, Perl, Lua, Dart, OCaml, Julia. */
export const otherRules: readonly NameRule[] = [
  {
    name: "wrapper of a Go call",
    of: ["function"],
    pattern: /((?:\.gowrap|\.deferwrap|·dwrap·))\d{1,6}/g,
    to: "$1",
    examples: [["main.(*Cart).Load.gowrap2", "main.(*Cart).Load.gowrap"]],
    stays: ["main.(*Cart).Load.func1", "main.(*Cart).Load.func2", "main.step1"],
  },
  {
    name: "version of a Go module",
    of: ["module"],
    has: "@",
    pattern: /@v\d[\w.+-]{0,80}/g,
    to: "",
    examples: [["github.com/acme/cart@v1.2.3/load", "github.com/acme/cart/load"]],
    stays: ["github.com/acme/cart/v2"],
  },
  {
    name: "Erlang or Elixir function by number",
    of: ["function", "module"],
    pattern: (text) =>
      text
        .replace(/-fun-\d{1,6}-/g, "-fun-")
        .replace(/(-l[cbr]\$\^\d\/\d)-\d{1,6}-/g, "$1-")
        .replace(/#Fun(?:ction)?<[^>]{1,200}>/g, "#Fun")
        .replace(/elixir_compiler_\d{1,9}/g, "elixir_compiler"),
    examples: [
      ["-load/1-fun-3-", "-load/1-fun-"],
      ["Shop.Cart.-load/2-fun-0-/3", "Shop.Cart.-load/2-fun-/3"],
      ["-load/1-lc$^0/1-2-", "-load/1-lc$^0/1-"],
      ["#Fun<erl_eval.6.99386804>", "#Fun"],
    ],
    stays: ["anonymous fn/1 in Shop.Cart.load/2", "load/1"],
  },
  {
    name: "evaluated Perl",
    of: ["function", "file", "module"],
    pattern: (text) =>
      text.replace(/\(eval \d{1,9}\)/g, "(eval)").replace(/__ANON__\[[^\]]{1,300}\]/g, "__ANON__"),
    examples: [
      ["(eval 12)", "(eval)"],
      ["Shop::__ANON__[/app/Shop.pm:12]", "Shop::__ANON__"],
    ],
    stays: ["Shop::__ANON__", "eval"],
  },
  {
    name: "Lua code from a text, or function by its line",
    of: ["function", "file"],
    pattern: (text) =>
      text.replace(/^\[string "[^]*$/, "[string]").replace(/<([^<>:]{1,200}):\d{1,9}>/g, "<$1>"),
    examples: [
      ['[string "return total(cart)"]', "[string]"],
      ["in function <cart.lua:12>", "in function <cart.lua>"],
    ],
    stays: ["cart.lua"],
  },
  {
    name: "Dart closure",
    of: ["function"],
    has: "<",
    pattern: /(?:\.?<(?:anonymous closure|fn)>){1,20}/g,
    to: ".<fn>",
    examples: [
      ["Cart.load.<anonymous closure>", "Cart.load.<fn>"],
      ["Cart.load.<fn>.<fn>", "Cart.load.<fn>"],
    ],
    stays: ["Cart.load"],
  },
  {
    name: "number behind an OCaml or Julia name",
    of: ["function"],
    pattern: (text) =>
      (text.startsWith("caml") ? text.replace(/_\d{1,9}$/, "") : text).replace(
        /#\d{1,9}(?=#|$)/g,
        "#",
      ),
    examples: [
      ["camlShop__load_1234", "camlShop__load"],
      ["#load#12", "#load#"],
    ],
    stays: ["load_1234", "load/1"],
  },
];
