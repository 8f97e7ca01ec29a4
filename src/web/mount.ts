/** Where the UI is mounted, without a slash at the end: the path of PUBLIC_URL, which the server writes into the page. */
export const mount =
  typeof document === "undefined" ? "" : new URL(document.baseURI).pathname.replace(/\/$/, "");

/** What every address of the API begins with. */
export const root = typeof location === "undefined" ? "http://localhost" : location.origin + mount;
