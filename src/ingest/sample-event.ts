import { lookUp } from "../protocol/dictionary";

type Frame = { filename: string; function: string; lineno: number; line: string };
type Sample = { type: string; value: string; frames: [caller: Frame, failing: Frame] };

const frame = (filename: string, name: string, lineno: number, line: string): Frame => ({
  filename,
  function: name,
  lineno,
  line,
});

/** What breaks in each language, by the first word of a platform (`python-django`). */
const samples: Record<string, Sample> = {
  javascript: {
    type: "TypeError",
    value: "Cannot read properties of undefined (reading 'total')",
    frames: [
      frame("src/cart.js", "checkout", 21, "  return pay(order.cart);"),
      frame("src/pay.js", "pay", 8, "  const amount = cart.total;"),
    ],
  },
  python: {
    type: "KeyError",
    value: "'total'",
    frames: [
      frame("shop/views.py", "checkout", 21, "    return pay(order)"),
      frame("shop/pay.py", "pay", 8, '    amount = order["total"]'),
    ],
  },
  php: {
    type: "ErrorException",
    value: 'Undefined array key "total"',
    frames: [
      frame("app/Checkout.php", "Checkout::run", 21, "        return $this->pay($order);"),
      frame("app/Checkout.php", "Checkout::pay", 34, "        $amount = $order['total'];"),
    ],
  },
  ruby: {
    type: "NoMethodError",
    value: "undefined method 'total' for nil",
    frames: [
      frame("app/controllers/checkout_controller.rb", "create", 21, "    pay(order)"),
      frame("app/models/payment.rb", "pay", 8, "    amount = order.cart.total"),
    ],
  },
  go: {
    type: "runtime.boundsError",
    value: "runtime error: index out of range [0] with length 0",
    frames: [
      frame("shop/checkout.go", "Checkout", 21, "\treturn pay(order)"),
      frame("shop/pay.go", "pay", 8, "\tfirst := order.Items[0]"),
    ],
  },
  java: {
    type: "java.lang.NullPointerException",
    value: 'Cannot invoke "Cart.total()" because "cart" is null',
    frames: [
      frame("Checkout.java", "shop.Checkout.run", 21, "    return pay(order.cart());"),
      frame("Checkout.java", "shop.Checkout.pay", 34, "    var amount = cart.total();"),
    ],
  },
  csharp: {
    type: "System.NullReferenceException",
    value: "Object reference not set to an instance of an object.",
    frames: [
      frame("Checkout.cs", "Shop.Checkout.Run", 21, "        return Pay(order.Cart);"),
      frame("Checkout.cs", "Shop.Checkout.Pay", 34, "        var amount = cart.Total;"),
    ],
  },
  rust: {
    type: "panic",
    value: "index out of bounds: the len is 0 but the index is 0",
    frames: [
      frame("src/checkout.rs", "shop::checkout", 21, "    pay(&order)"),
      frame("src/pay.rs", "shop::pay", 8, "    let first = &order.items[0];"),
    ],
  },
};

/** Platforms that are called after what runs the language. */
const languages: Record<string, string> = {
  browser: "javascript",
  node: "javascript",
  bun: "javascript",
  deno: "javascript",
  react: "javascript",
  electron: "javascript",
  kotlin: "java",
  android: "java",
  dotnet: "csharp",
};
/** As events spell a language, whatever the project's platform is. */
const spoken = new Set([
  "node",
  "csharp",
  "php",
  "ruby",
  "go",
  "java",
  "python",
  "javascript",
  "rust",
]);

/** An error as an SDK of a platform would send it, marked as a sample. */
export function sampleEvent(platform: string, eventId: string, now: Date): object {
  const [word = ""] = platform.toLowerCase().split("-");
  const language = lookUp(languages, word) ?? word;
  const sample = lookUp(samples, language) ?? samples.javascript;
  return {
    event_id: eventId,
    timestamp: +now / 1000,
    platform: spoken.has(word) ? word : lookUp(samples, language) ? language : "other",
    level: "error",
    environment: "sample",
    tags: { sample: "yes" },
    extra: { note: "Sent from the setup page to show that events arrive." },
    user: { id: "sample" },
    exception: {
      values: [
        {
          type: sample?.type,
          value: sample?.value,
          mechanism: { type: "sample", handled: false },
          stacktrace: {
            frames: sample?.frames.map(({ line, ...each }) => ({
              ...each,
              context_line: line,
              in_app: true,
            })),
          },
        },
      ],
    },
  };
}
