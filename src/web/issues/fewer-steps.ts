/** Sums neighbours until there are at most `max` numbers: what is too narrow to be seen is one bar. */
export function fewerSteps(values: readonly number[], max: number): number[] {
  const each = Math.ceil(values.length / max);
  if (each <= 1) return [...values];
  return Array.from({ length: Math.ceil(values.length / each) }, (_, index) =>
    values.slice(index * each, (index + 1) * each).reduce((sum, value) => sum + value, 0),
  );
}
