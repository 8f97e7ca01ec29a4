import type { Family } from "./platforms";

/** The families of platforms as they are shown. */
export const familyWords: Record<Family, string> = {
  web: "Web",
  server: "Server",
  mobile: "Mobile",
  desktop: "Desktop and games",
  other: "Without an SDK",
};
