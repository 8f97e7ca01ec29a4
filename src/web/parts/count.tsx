import { formatNumber, formatShort } from "../words";

/** A number that has room: short beyond ten thousand, whole for whoever points at it. */
export function Count({ value }: { value: number }) {
  return (
    <span className="numbers" title={formatNumber(value)}>
      {formatShort(value)}
    </span>
  );
}
