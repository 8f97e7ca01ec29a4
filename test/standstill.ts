import { Worker } from "node:worker_threads";

/**
 * Ends this process with the stack of where it stands when its thread does not come back: a test that waits
 * synchronously can be ended by nobody else. `runSeconds` bounds the life of the process as a whole.
 */
export function watchForStandstill({ silentSeconds = 90, runSeconds = 25 * 60 } = {}): void {
  const beats = new Int32Array(new SharedArrayBuffer(4));
  setInterval(() => Atomics.add(beats, 0, 1), 250).unref();
  const workerData = { beats, silentSeconds, runSeconds };
  // Without the flags of this process: a loader would wait for the very thread that is watched.
  new Worker(watchingThread, { eval: true, workerData, execArgv: [] }).unref();
}

/** Runs beside the watched thread. The inspector looks into it even while it waits in Atomics.wait. */
const watchingThread = `
  const { Session } = require("node:inspector");
  const { workerData } = require("node:worker_threads");
  const { writeSync } = require("node:fs");
  const { beats, silentSeconds, runSeconds } = workerData;
  const kill = () => process.kill(process.pid, "SIGKILL");
  const end = (why) => {
    clearInterval(watching);
    writeSync(2, "\\n" + why + "\\n");
    const session = new Session();
    session.connectToMainThread();
    session.on("Debugger.paused", ({ params }) => {
      for (const { functionName, url, location } of params.callFrames) {
        const name = functionName || "(anonymous)";
        writeSync(2, "    at " + name + " " + url + ":" + (location.lineNumber + 1) + "\\n");
      }
      kill();
    });
    session.post("Debugger.enable");
    session.post("Debugger.pause");
    setTimeout(kill, 5000);
  };
  let [seen, silent, age] = [-1, 0, 0];
  const watching = setInterval(() => {
    const beat = Atomics.load(beats, 0);
    silent = beat === seen ? silent + 1 : 0;
    seen = beat;
    age += 1;
    if (silent >= silentSeconds) end("Nothing moved for " + silentSeconds + " seconds. The process stands here:");
    else if (age >= runSeconds) end("The tests took longer than " + runSeconds + " seconds. This process was here:");
  }, 1000);
`;
