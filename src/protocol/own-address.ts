/**
 * Whether an address, as a browser would follow it from any page of ours, stays below PUBLIC_URL. Only spellings that
 * everybody reads alike are taken: `/..//host`, `/\host`, `https:host`, blanks and credentials lead elsewhere in one
 * reader or another.
 */
export function isOwnAddress(publicUrl: string, given: string): boolean {
  // oxlint-disable-next-line no-control-regex -- These are what readers of addresses leave out.
  if (given === "" || /[\s\\\u0000-\u001f\u007f]/.test(given)) return false;
  if (!/^(\/(?!\/)|https?:\/\/)/i.test(given) || !URL.canParse(given, publicUrl)) return false;
  const base = new URL(publicUrl);
  const { origin, username, password, pathname } = new URL(given, publicUrl);
  const prefix = base.pathname.replace(/\/+$/, "");
  return (
    origin === base.origin &&
    username + password === "" &&
    (pathname === prefix || pathname.startsWith(`${prefix}/`)) &&
    !/\/\/|%2f|%5c/i.test(pathname)
  );
}
