// Outlives its parent by a moment: when the pipe to it closes, the parent is gone, and what the parent started goes too.

const watched = new Map();
let rest = "";
process.stdin.on("data", (chunk) => {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    const [pid, signal] = line.split(" ");
    watched.set(Number(pid), signal);
  }
});
process.stdin.on("end", () => {
  for (const [pid, signal] of watched) {
    try {
      process.kill(pid, signal);
    } catch {
      // It went by itself.
    }
  }
  process.exit(0);
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);
