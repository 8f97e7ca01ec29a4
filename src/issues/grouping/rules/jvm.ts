import { dropTheFrame, type NameRule } from "./name-rule";

/** Java, Kotlin, Scala, Groovy, Clojure: classes made at run time, lambdas and anonymous classes by number. */
export const jvmRules: readonly NameRule[] = [
  {
    name: "reflection accessor",
    of: ["module"],
    has: ".reflect.",
    pattern: /^(?:sun|jdk\.internal)\.reflect\.\w*Accessor.*/,
    to: dropTheFrame,
    examples: [
      ["jdk.internal.reflect.GeneratedMethodAccessor17", dropTheFrame],
      ["sun.reflect.GeneratedConstructorAccessor5", dropTheFrame],
      ["sun.reflect.NativeMethodAccessorImpl", dropTheFrame],
      ["jdk.internal.reflect.DirectMethodHandleAccessor$NativeAccessor", dropTheFrame],
    ],
    stays: ["com.acme.GeneratedMethodAccessor17", "java.lang.reflect.Method"],
  },
  {
    name: "lambda form",
    of: ["module"],
    has: "java.lang.invoke.",
    pattern: /^java\.lang\.invoke\.(?:LambdaForm\b|\w{1,40}\$Holder$).*/,
    to: dropTheFrame,
    examples: [
      ["java.lang.invoke.LambdaForm$DMH/0x00000008000c4400", dropTheFrame],
      ["java.lang.invoke.LambdaForm$MH/1234567", dropTheFrame],
      ["java.lang.invoke.Invokers$Holder", dropTheFrame],
    ],
    stays: ["java.lang.invoke.MethodHandle"],
  },
  {
    name: "CGLIB or Guice class",
    of: ["module", "type"],
    has: "$$",
    pattern: /\$\$(?:[A-Z][A-Za-z]{2,20}By\w{1,40}|SpringCGLIB)\$\$.*/,
    to: "",
    examples: [
      ["com.acme.OrderService$$EnhancerBySpringCGLIB$$8aebfe38", "com.acme.OrderService"],
      ["com.acme.OrderService$$SpringCGLIB$$0", "com.acme.OrderService"],
      ["com.acme.Cart$$FastClassByGuice$$1a2b3c", "com.acme.Cart"],
      ["com.acme.Cart$$EnhancerByCGLIB$$1f$$FastClassByCGLIB$$2e", "com.acme.Cart"],
    ],
    stays: ["com.acme.Foo$Inner", "com.acme.Cart$$anonfun"],
  },
  {
    name: "Byte Buddy or Hibernate class",
    of: ["module", "type"],
    has: "$",
    pattern: /\$(?:ByteBuddy|Hibernate[A-Z]|MockitoMock|auxiliary)[A-Za-z]{0,40}\$.*/,
    to: "",
    examples: [
      ["com.acme.Foo$HibernateProxy$SzXDkaYB", "com.acme.Foo"],
      ["com.acme.Foo$ByteBuddy$Qw12AbCd", "com.acme.Foo"],
      ["com.acme.Foo$MockitoMock$123456789", "com.acme.Foo"],
      ["com.acme.Foo$HibernateInstantiator$aB3dE5fG", "com.acme.Foo"],
    ],
    stays: ["com.acme.Foo$HibernateConfig", "com.acme.HibernateProxyTest"],
  },
  {
    name: "Javassist class",
    of: ["module", "type"],
    has: "_$$_",
    pattern: /_\$\$_(?:javassist|jvst).*/,
    to: "",
    examples: [
      ["com.example.FooService_$$_javassist_42", "com.example.FooService"],
      ["com.example.FooService_$$_jvst1a2_3", "com.example.FooService"],
      ["com.example.FooService_$$_javassist_seam_7", "com.example.FooService"],
    ],
    stays: ["com.example.FooService$Proxy$_$$_WeldClientProxy"],
  },
  {
    name: "proxy class",
    of: ["module", "type"],
    has: "Proxy",
    pattern: /^(?:com\.sun\.proxy\.|jdk\.proxy\d{0,4}\.)?\$Proxy\d+$|\$\$Owb\w{1,40}Proxy\d+$/,
    to: "$$Proxy",
    examples: [
      ["com.sun.proxy.$Proxy23", "$Proxy"],
      ["jdk.proxy2.$Proxy45", "$Proxy"],
      ["$Proxy7", "$Proxy"],
    ],
    stays: ["com.acme.Proxy23"],
  },
  {
    name: "lambda class",
    of: ["module", "type"],
    has: "$$",
    pattern: (text) =>
      text
        .replace(/-\$\$Lambda\$(\w{1,200})\$[\w-]+$/, "$1")
        .replace(/\$\$(?:Lambda|ExternalSynthetic|InternalSynthetic).*/, ""),
    examples: [
      ["com.acme.Shop$$Lambda$14/0x0000000800066840", "com.acme.Shop"],
      ["com.acme.Shop$$Lambda/0x0000000800066840", "com.acme.Shop"],
      ["com.acme.Shop$$ExternalSyntheticLambda0", "com.acme.Shop"],
      ["com.acme.-$$Lambda$Shop$AbC123xyz_-Q", "com.acme.Shop"],
    ],
    stays: ["com.acme.Shop$Lambda"],
  },
  {
    name: "lambda method",
    of: ["function"],
    has: "lambda",
    pattern: (text) =>
      text.replace(/\$?r8\$lambda\$.*/, "r8$$lambda").replace(/\$lambda-\d+/g, "$$lambda"),
    examples: [
      ["$r8$lambda$AbCdEf_ghi123", "r8$lambda"],
      ["onCreate$lambda-3", "onCreate$lambda"],
    ],
    stays: ["lambda", "lambdaOf3"],
  },
  {
    name: "Groovy script",
    of: ["module", "type", "file"],
    pattern: (text) =>
      text
        .replace(/(?<![\w.])([Ss])cript\d+(?!\w)/, "$1cript")
        .replace(/_closure\d+/g, "_closure")
        .replace(/^(build|settings|init)_[0-9a-z]{20,40}/, "$1"),
    examples: [
      ["Script1", "Script"],
      ["Script12$_run_closure3", "Script$_run_closure"],
      ["Script7.groovy", "Script.groovy"],
      ["script16312897123.groovy", "script.groovy"],
      ["build_4xbd9q8sd7f8s7df89s7df8$_run_closure1", "build$_run_closure"],
    ],
    stays: ["com.acme.Script1", "ScriptRunner", "Script2Runner"],
  },
  {
    name: "Clojure function",
    of: ["module", "function", "type"],
    pattern: (text) =>
      text.replace(/__\d+(?=$|[.$_])/g, "").replace(/(?<=\$)eval\d+(?=$|[.$])/g, "eval"),
    examples: [
      ["shop.core$eval1234$fn__1235", "shop.core$eval$fn"],
      ["shop.core$iter__123__127$fn__124", "shop.core$iter$fn"],
    ],
    stays: ["shop.core$handler", "shop.core$step_2", "eval2"],
  },
  {
    name: "generated by a query engine",
    of: ["module", "type", "function"],
    pattern: (text) =>
      text
        .replace(/(CodegenStage|Projection_?|\$line)\d+/g, "$1")
        .replace(/(\.javascript\.gen\.\w{1,200})_\d+$/, "$1"),
    examples: [
      [
        "GeneratedClass$GeneratedIteratorForCodegenStage3",
        "GeneratedClass$GeneratedIteratorForCodegenStage",
      ],
      ["$line35.$read$Job", "$line.$read$Job"],
      ["org.mozilla.javascript.gen.rules_js_12", "org.mozilla.javascript.gen.rules_js"],
    ],
    stays: ["com.acme.Pipeline3"],
  },
  {
    name: "anonymous class or lambda by number",
    of: ["module", "type", "function"],
    has: "$",
    pattern: /\$\d+(?=$|[.$])/g,
    to: "",
    examples: [
      ["com.acme.Cart$1", "com.acme.Cart"],
      ["com.acme.Cart$onCreate$1$2", "com.acme.Cart$onCreate"],
      ["lambda$place$0", "lambda$place"],
      ["access$100", "access"],
      ["jdk.nashorn.internal.scripts.Script$12$rules", "jdk.nashorn.internal.scripts.Script$rules"],
    ],
    stays: ["com.acme.Cart$Step2", "step_1"],
  },
];
