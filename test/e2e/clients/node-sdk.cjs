// Usage: node node-sdk.cjs <package> <dsn> <number of errors>
const [, , name, dsn, count] = process.argv;
const Sentry = require(name);
Sentry.init({
  dsn,
  release: "client@1.0.0",
  environment: "test",
  sendClientReports: false,
  autoSessionTracking: false,
});

function failingPayment(number) {
  throw new TypeError(`payment ${number} failed`);
}

async function main() {
  // From here on every stack is that of a resumed function, so all errors have the same callers.
  await new Promise((resolve) => setImmediate(resolve));
  for (let number = 0; number < Number(count); number++) {
    try {
      failingPayment(number);
    } catch (error) {
      Sentry.captureException(error);
    }
    // The SDK drops what does not fit its queue of 64, and obeys limits only once it has read the answer.
    if (number % 20 === 19 || Number(count) < 20) await Sentry.flush(5000);
  }
  await Sentry.close(5000);
}
void main();
