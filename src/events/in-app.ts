import type { Frame } from "./frames";
import type { NormalEvent } from "./normalize";

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
 * Decides which frames are the user's own. The SDK's word counts, unless it calls every frame of a stack foreign
 * (which sentry-ruby outside its project root and sentry-java without packages do): then the path decides.
 */
export function markInApp(event: NormalEvent): void {
  const stacks = [
    ...(event.exception?.values ?? []).map(({ stacktrace }) => stacktrace),
    ...(event.threads?.values ?? []).map(({ stacktrace }) => stacktrace),
  ];
  for (const stack of stacks) {
    if (!stack) continue;
    const allForeign = stack.frames.every((frame) => frame.in_app === false);
    for (const frame of stack.frames) {
      if (allForeign || frame.in_app === undefined) frame.in_app = isOwn(frame);
    }
  }
}

function isOwn(frame: Frame): boolean {
  if (frame.module && libraryModule.test(frame.module)) return false;
  const path = (frame.abs_path ?? frame.filename ?? "").replaceAll("\\", "/");
  return !libraryPath.test(path) && !libraryPath.test(frame.filename ?? "");
}
