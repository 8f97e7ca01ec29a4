const key = "brinkwatch.reloaded";
const patienceMs = 30_000;

/** Loads the document anew, for the code of a newer build; not again and again. Whether it did. */
export function reloadOnce(): boolean {
  try {
    const last = Number(sessionStorage.getItem(key) ?? 0);
    if (Date.now() - last < patienceMs) return false;
    sessionStorage.setItem(key, String(Date.now()));
  } catch {
    return false;
  }
  location.reload();
  return true;
}
