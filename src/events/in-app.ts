import { stacksOf } from "./exceptions";
import type { Frame } from "./frames";
import type { NormalEvent } from "./normal-event";

/**
 * Where only runtimes, their standard libraries and installed packages are. What lies here is nobody's own code,
 * whatever the SDK was configured with: often that is "everything below this folder".
 */
const foreignPath = new RegExp(
  [
    "^node:",
    "(?:^|\\()internal/",
    "^<frozen ",
    "/rustc/",
    "/\\.cargo/(?:registry|git)/",
    // Go: the module cache, and the standard library wherever it was installed.
    "/pkg/mod/",
    "/(?:usr/local|usr/lib|opt|sdk|hostedtoolcache)/go[\\d./x-]{0,40}(?:libexec/)?src/",
    // Python: packages and standard library of the system, pyenv, conda, uv, virtual environments.
    "(?:^|/)(?:site|dist)-packages/",
    "/lib(?:64)?/python\\d",
    "/python[\\d.-]{0,10}/lib/",
    "/(?:ana|mini|micro)?(?:conda|forge|mamba)\\d?/(?:envs/[^/]{1,100}/)?lib/",
    "/\\.local/share/uv/",
    // Ruby and its version managers.
    "/lib/ruby/(?:\\d|gems/)",
    // Homebrew, and where Lambda keeps runtimes and layers.
    "^/opt/homebrew/",
    "^/(?:usr/local|home/linuxbrew/\\.linuxbrew)/Cellar/",
    "^/var/(?:lang|runtime)/",
    "^/opt/(?:python|nodejs|ruby|java|extensions)/",
    // Windows.
    "^[a-z]:/(?:windows|program files(?: \\(x86\\))?)/",
  ].join("|"),
  "i",
);

/** Where other people's code usually is, when the SDK says nothing. */
const libraryPath = new RegExp(
  [
    "node_modules/",
    "/vendor/",
    "/gems/",
    "/lib/ruby/",
    "^/usr/lib/",
    "^/usr/local/lib/",
    "bower_components/",
    "webpack/bootstrap",
    "chrome-extension://",
  ].join("|"),
);
/** Packages of the languages' own libraries and of the frameworks, drivers and clients that most programs use. */
const libraryModule = new RegExp(
  `^(?:${[
    "java|javax|jakarta|sun|com\\.sun|jdk|kotlin|kotlinx|scala|groovy|clojure|android|androidx|dalvik",
    "com\\.(?:android|google|fasterxml|squareup|zaxxer|mysql|mongodb|microsoft|amazonaws|datastax|oracle|netflix)",
    "org\\.(?:springframework|apache|hibernate|postgresql|mariadb|eclipse|jboss|codehaus|slf4j|redisson|aspectj|junit)",
    "io\\.(?:netty|sentry|grpc|lettuce|micrometer|micronaut|quarkus|undertow|vertx|reactivex|ktor|dropwizard)",
    "oracle|reactor|akka|okhttp3|okio|retrofit2|feign|rx|net\\.sf|ch\\.qos|software\\.amazon|redis\\.clients",
    "System|Microsoft|Newtonsoft|Npgsql|MySql|MySqlConnector|Dapper|Serilog|NLog|Grpc|AutoMapper|MediatR|Polly|Hangfire",
  ].join("|")})\\.`,
);

/**
 * Decides which frames are the user's own. A path that cannot be theirs decides first. Then the SDK's word: where it
 * marked any frame of a stack, the ones it left out are not the user's. Where it marked none (sentry-ruby outside its
 * project root, sentry-java without packages), the usual folders of libraries decide.
 */
export function markInApp(event: NormalEvent): void {
  for (const { frames } of stacksOf(event)) {
    const foreign = frames.map(isForeign);
    const isMarked = frames.some((frame, index) => frame.in_app === true && !foreign[index]);
    const allForeign = frames.every((frame, index) => foreign[index] || frame.in_app === false);
    for (const [index, frame] of frames.entries()) {
      if (foreign[index]) frame.in_app = false;
      else if (isMarked) frame.in_app ??= false;
      else if (allForeign || frame.in_app === undefined) frame.in_app = !isLibrary(frame);
    }
  }
}

const pathsOf = ({ abs_path, filename }: Frame) =>
  [abs_path, filename].flatMap((path) => (path ? [path.replaceAll("\\", "/")] : []));

const isForeign = (frame: Frame) => pathsOf(frame).some((path) => foreignPath.test(path));

const isLibrary = (frame: Frame) =>
  (frame.module !== undefined && libraryModule.test(frame.module)) ||
  pathsOf(frame).some((path) => libraryPath.test(path));
