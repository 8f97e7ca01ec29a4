import type { AnyRouter } from "@tanstack/react-router";
import { isPagePath } from "../../protocol/page-paths";
import { forgetSession } from "../frame/session";
import { mount } from "../mount";
import { returnPathOf } from "./return-path";

/** Goes on where somebody wanted to be who has signed in now; what was read for nobody is asked again. */
export function enter(router: AnyRouter, next: unknown): void {
  const path = returnPathOf(next);
  forgetSession();
  // Pages of mails are not the UI's: the server renders them.
  if (isPagePath(path.split(/[?#]/, 1)[0] ?? "")) router.history.replace(mount + path);
  else location.assign(mount + path);
}
