/** Where the UI is mounted, without a slash at the end: the path of PUBLIC_URL, which the server writes into the page. */
export const mount = new URL(document.baseURI).pathname.replace(/\/+$/, "");
