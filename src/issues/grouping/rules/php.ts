import { isMadeUp } from "./made-up";
import type { NameRule } from "./name-rule";

/** PHP: anonymous classes, closures, compiled templates and containers, evaluated code. */
export const phpRules: readonly NameRule[] = [
  {
    name: "anonymous class",
    of: ["function", "module", "type"],
    has: "@anonymous",
    pattern: /@anonymous(?:[^:]|:(?!:))*/g,
    to: "@anonymous",
    examples: [
      ["class@anonymous/app/test.php0x7f9697eb2405::run", "class@anonymous::run"],
      ["class@anonymous\uFFFD/app/src/Foo.php:12$5f", "class@anonymous"],
      ["App\\Job@anonymous\uFFFDC:\\app\\x.php:12$0::handle", "App\\Job@anonymous::handle"],
    ],
    stays: ["App\\Anonymous::run"],
  },
  {
    name: "closure",
    of: ["function"],
    has: "{closure",
    pattern: (text) => {
      const at = text.indexOf("{closure");
      const owner = text.lastIndexOf("::", at);
      return `${owner < 0 ? "" : text.slice(0, owner + 2)}{closure}`;
    },
    examples: [
      ["{closure:/app/x.php:12}", "{closure}"],
      ["App\\X::App\\{closure}", "App\\X::{closure}"],
      ["App\\X::{closure:App\\X::go():12}", "App\\X::{closure}"],
      ["App\\Http\\{closure}", "{closure}"],
    ],
    stays: ["App\\Closure::run"],
  },
  {
    name: "compiled Twig template",
    of: ["function", "type", "module"],
    has: "__TwigTemplate_",
    pattern: /__TwigTemplate_[0-9a-f]{16,128}(?:___\d{1,12})?/g,
    to: "__TwigTemplate",
    examples: [
      ["__TwigTemplate_1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d::doDisplay", "__TwigTemplate::doDisplay"],
      [
        "__TwigTemplate_1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d___12345::block_body",
        "__TwigTemplate::block_body",
      ],
    ],
    stays: ["App\\TwigTemplate::render"],
  },
  {
    name: "compiled Symfony container",
    of: ["function", "module", "type"],
    pattern: (text) =>
      text
        .replace(/(?<!\w)Container(\w{7})\\/g, (whole, made: string) =>
          isMadeUp(made) ? "Container\\" : whole,
        )
        .replace(/(Ghost|_)(?=[a-f]{0,6}\d)[0-9a-f]{7}(?![0-9a-z])/gi, "$1<hash>"),
    examples: [
      [
        "ContainerAbCd12X\\App_KernelProdContainer::getCartService",
        "Container\\App_KernelProdContainer::getCartService",
      ],
      ["EntityManager_9a5be93::flush", "EntityManager_<hash>::flush"],
      ["RequestStackGhost8c2c44b::push", "RequestStackGhost<hash>::push"],
    ],
    stays: ["ContainerBuilder\\X::load", "App_KernelProdContainer::getCartService"],
  },
  {
    name: "evaluated code",
    of: ["file"],
    has: "(",
    pattern: /\(\d{1,9}\) : (?=eval\(\)'d code|runtime-created function)/g,
    to: " ",
    examples: [["/app/x.php(12) : eval()'d code", "/app/x.php eval()'d code"]],
    stays: ["/app/copy (2).php"],
  },
  {
    name: "serialized closure",
    of: ["file"],
    has: "closure://",
    pattern: /^[a-z-]{0,40}closure:\/\/[^]*/,
    to: "<closure>",
    examples: [["laravel-serializable-closure://function () { return 1; }", "<closure>"]],
    stays: ["/app/closure.php"],
  },
  {
    name: "mock",
    of: ["function", "module", "type"],
    has: "Mockery_",
    pattern: /Mockery_\d{1,9}_/g,
    to: "Mockery_",
    examples: [["Mockery_12_App_Cart::total", "Mockery_App_Cart::total"]],
    stays: ["Mockery::mock"],
  },
];
