import { stacksOf } from "../../events/exceptions";
import { marksOf, setMarks } from "../../events/frame-marks";
import type { Frame } from "../../events/frames";
import type { NormalEvent } from "../../events/normal-event";

const libraryPath = new RegExp(
  [
    "node_modules/",
    "site-packages/",
    "dist-packages/",
    "/vendor/",
    "/gems/",
    "/lib/ruby/",
    "^/usr/lib/",
    "^/usr/local/lib/",
    "/go/pkg/mod/",
    "/usr/local/go/src/",
    "^node:",
    "(^|\\()internal/",
    "<frozen ",
    "bower_components/",
    "webpack/bootstrap",
    "chrome-extension://",
    "\\.cargo/registry/",
    "/rustc/",
  ].join("|"),
);
const libraryModule =
  /^(?:java|javax|jakarta|sun|com\.sun|jdk|kotlin|kotlinx|scala|android|androidx|com\.android|dalvik|org\.springframework|org\.apache|io\.netty|reactor|io\.sentry|System|Microsoft)\./;

/**
 * Does something while the frames of an event are marked as they were when g1 was published, and gives them back as they
 * came. Better marks than these are for people, and for the next version: g1 says of an event what it always said.
 */
export function withG1Marks<T>(event: NormalEvent, work: () => T): T {
  const sent = marksOf(event);
  for (const stack of stacksOf(event)) {
    const allForeign = stack.frames.every((frame) => frame.in_app === false);
    for (const frame of stack.frames) {
      if (allForeign || frame.in_app === undefined) frame.in_app = isOwn(frame);
    }
  }
  try {
    return work();
  } finally {
    setMarks(sent);
  }
}

function isOwn(frame: Frame): boolean {
  if (frame.module && libraryModule.test(frame.module)) return false;
  const path = (frame.abs_path ?? frame.filename ?? "").replaceAll("\\", "/");
  return !libraryPath.test(path) && !libraryPath.test(frame.filename ?? "");
}
