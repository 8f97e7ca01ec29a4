import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { leaksIn, noteSecret } from "./secrets";

const module = JSON.stringify(join(import.meta.dirname, "standstill.ts"));

// A proxy of the simulator that was touched after its end once held a run for ever.
test.each([
  ["waits synchronously", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)"],
  ["turns in a circle", "for (;;);"],
])(
  "a process that %s is ended, and says where it stood",
  async (_, standing) => {
    const script = `const { watchForStandstill } = await import(${module});
    watchForStandstill({ silentSeconds: 1 });
    function stuckHere() { ${standing} }
    setTimeout(stuckHere, 500);`;
    const parameters = ["--import", "tsx", "--input-type=module", "--eval", script];
    const { signal, stderr } = await new Promise<{ signal?: string; stderr: string }>((resolve) => {
      execFile(process.execPath, parameters, { timeout: 60_000 }, (error, _stdout, text) =>
        resolve({ ...(error?.signal && { signal: error.signal }), stderr: text }),
      );
    });
    expect(signal).toBe("SIGKILL");
    expect(stderr).toMatch(/Nothing moved for 1 seconds[^]*at stuckHere/);
  },
  90_000,
);

test("a log line with a credential is found, by its value or by its shape", () => {
  noteSecret("correct horse/battery");
  const leaking = [
    "tried correct horse/battery",
    "GET /?p=correct%20horse%2Fbattery",
    `GET /api/0/accept/3/${"0a".repeat(32)}/`,
    "authorization: Bearer abc",
    "postgresql://app:pw@db.example/app",
    "sntryu_abc",
  ];
  const harmless = ['{"route":"/api/0/accept/:id/:token/","status":200}', "postgresql://db/app"];
  expect(leaksIn([...harmless, ...leaking])).toEqual(leaking);
});
