import type { NameRule } from "./name-rule";

/** C, C++, Objective-C, Swift, Rust: clones, closures and blocks by number, private names with a hash. */
export const nativeRules: readonly NameRule[] = [
  {
    name: "clone of a function",
    of: ["function"],
    pattern: (text) =>
      text
        .replace(/(?: \[clone [^\]]{1,60}\]| \(\.[a-z_.0-9]{1,40}\)){1,12}$/, "")
        .replace(
          /(?:\.(?:isra|part|constprop|cold|lto_priv|clone|llvm|localalias|warm|hot|resume|lower)|\.\d{1,20}){1,12}$/,
          "",
        ),
    examples: [
      ["load_cart.isra.0", "load_cart"],
      ["load_cart.part.1.constprop.2.cold", "load_cart"],
      ["load_cart.llvm.1234567890", "load_cart"],
      ["load_cart(int) [clone .cold]", "load_cart(int)"],
      ["load_cart(int) [clone .isra.0] [clone .part.1]", "load_cart(int)"],
    ],
    stays: ["load_cart", "load_cart2", "party.cold_start"],
  },
  {
    name: "offset in a function",
    of: ["function"],
    has: "+",
    pattern: /(?<=[\w)\]]) ?\+ ?(?:0x[0-9a-f]{1,16}|\d{1,12})$/i,
    to: "",
    examples: [
      ["load_cart+0x1f", "load_cart"],
      ["-[Cart load] + 123", "-[Cart load]"],
    ],
    stays: ["operator+", "-[Cart load]"],
  },
  {
    name: "name that a tool gave",
    of: ["function"],
    has: "_",
    pattern: /^(?:sub|FUN|fcn|loc|func)_[0-9A-Fa-f]{4,16}$/,
    to: "",
    examples: [
      ["sub_7FF612345678", ""],
      ["FUN_00401000", ""],
    ],
    stays: ["sub_total", "func_main"],
  },
  {
    name: "Rust closure, block or hash",
    of: ["function"],
    pattern: (text) =>
      text
        .replace(/::h[0-9a-f]{16}(?!\w)/g, "")
        .replace(/\{\{closure\}\}(?:#\d{1,6})?|\{closure(?:_env)?#\d{1,6}\}/g, "{closure}")
        .replace(/\{closure@[^}]{1,300}\}/g, "{closure}")
        .replaceAll("_$u7b$$u7b$closure$u7d$$u7d$", "{closure}")
        .replace(/\{impl#\d{1,6}\}|[<{]impl at [^>}]{1,300}[>}]/g, "{impl}")
        .replace(/\[[0-9a-f]{8,16}\](?=::|$)/g, ""),
    examples: [
      ["shop::cart::load::h0123456789abcdef", "shop::cart::load"],
      ["shop::main::{{closure}}", "shop::main::{closure}"],
      ["shop[1a2b3c4d5e6f7a8b]::main::{closure#0}", "shop::main::{closure}"],
      ["shop::each<{closure@src/main.rs:12:5}>", "shop::each<{closure}>"],
      ["shop::{impl#3}::load", "shop::{impl}::load"],
      ["shop::<impl at src/cart.rs:12:1>::load", "shop::{impl}::load"],
    ],
    stays: ["<shop::Cart as shop::Load>::load", "shop::cart::step_1"],
  },
  {
    name: "Swift closure, private name or part of an async function",
    of: ["function"],
    pattern: (text) =>
      text
        .replace(/^\(\d{1,6}\) (?:await|suspend) resume partial function for /, "")
        .replace(
          /^(?:(?:generic specialization of|specialized|merged|implicit|@objc|partial apply(?: forwarder)? for) ){1,8}/,
          "",
        )
        .replace(/closure #\d{1,6}/g, "closure")
        .replace(/ in _[0-9A-F]{32}/g, "")
        .replace(/T[YQ]\d{1,6}_$/, ""),
    examples: [
      ["closure #1 in closure #2 in Cart.load()", "closure in closure in Cart.load()"],
      ["(3) suspend resume partial function for Cart.load()", "Cart.load()"],
      ["specialized Cart.load()", "Cart.load()"],
      ["Cart.(load in _0123456789ABCDEF0123456789ABCDEF)()", "Cart.(load)()"],
      ["partial apply for implicit closure #1 in Cart.load()", "closure in Cart.load()"],
      ["$s4shop4loadyyYaFTY0_", "$s4shop4loadyyYaF"],
    ],
    stays: ["$s4shop4CartC4loadyyF", "Cart.load()"],
  },
  {
    name: "Objective-C block",
    of: ["function"],
    has: "_block_invoke",
    pattern: (text) =>
      text
        .replace(/^__\d{1,6}(?=[-+]\[)/, "")
        .replace(/(_block_invoke)(?:[_.]\d{1,9}){1,6}$/, "$1"),
    examples: [
      ["__42-[Cart load]_block_invoke_2", "-[Cart load]_block_invoke"],
      ["__42-[Cart load]_block_invoke.123", "-[Cart load]_block_invoke"],
    ],
    stays: ["-[Cart load_block_invoker]"],
  },
  {
    name: "C++ lambda",
    of: ["function"],
    pattern: (text) =>
      text
        .replace(/(\{lambda\([^)]{0,200}\)|\{unnamed type)#\d{1,6}\}/g, "$1}")
        .replace(/\(?lambda at [^)]{1,300}\)?/g, "(lambda)")
        .replace(/\$_\d{1,6}(?!\w)/g, "$$_")
        .replace(/'lambda\d{1,6}'/g, "'lambda'")
        .replace(/<lambda_[0-9a-f]{1,40}>/g, "<lambda>"),
    examples: [
      [
        "load()::{lambda(int)#1}::operator()(int) const",
        "load()::{lambda(int)}::operator()(int) const",
      ],
      ["load()::(lambda at /src/cart.cpp:12:5)::operator()", "load()::(lambda)::operator()"],
      ["load()::$_3::operator()() const", "load()::$_::operator()() const"],
      ["load()::'lambda0'(int)::operator()(int)", "load()::'lambda'(int)::operator()(int)"],
      ["<lambda_0123456789abcdef0123456789abcdef>::operator()", "<lambda>::operator()"],
    ],
    stays: ["load(int)::Step1::operator()"],
  },
  {
    name: "method translated to C++",
    of: ["function"],
    has: "_m",
    pattern: /_m[0-9A-F]{32,64}(?![0-9A-Za-z])/g,
    to: "",
    examples: [["Cart_Load_m0123456789ABCDEF0123456789ABCDEF01234567", "Cart_Load"]],
    stays: ["Cart_mAdd"],
  },
  {
    name: "Kotlin lambda or object",
    of: ["function"],
    pattern: /(\$lambda|\$object)-\d{1,6}/g,
    to: "$1",
    examples: [["kfun:shop.Cart.load$lambda-3", "kfun:shop.Cart.load$lambda"]],
    stays: ["kfun:shop.Cart#load(){}"],
  },
];
