import type { Exception } from "../../events/exceptions";

/** Members of an exception group without its wrappers; undefined when there is no (sound) group. */
export function groupMembers(
  all: Exception[],
): { root: Exception | undefined; exceptions: Exception[] } | undefined {
  if (!all.some(({ mechanism }) => mechanism?.is_exception_group)) return undefined;
  const byId = new Map<number, Exception>();
  for (const exception of all) {
    const id = exception.mechanism?.exception_id;
    if (id !== undefined) byId.set(id, exception);
  }
  const root = byId.get(0);
  if (!root) return undefined;
  const exceptions: Exception[] = [];
  const seen = new Set<number>();
  const visit = (id: number) => {
    if (seen.has(id)) return;
    seen.add(id);
    const exception = byId.get(id);
    if (!exception) return;
    if (!exception.mechanism?.is_exception_group) {
      exceptions.push(exception);
      return;
    }
    for (const [child, { mechanism }] of byId) if (mechanism?.parent_id === id) visit(child);
  };
  visit(0);
  return exceptions.length > 0 ? { root, exceptions } : undefined;
}
