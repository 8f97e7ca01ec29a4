/** The dark squares of a QR code as one path of an SVG with a unit per square: a rectangle per run in a row. */
export function qrPath(rows: readonly (readonly boolean[])[]): string {
  const parts: string[] = [];
  for (const [y, row] of rows.entries()) {
    let from: number | undefined;
    for (let x = 0; x <= row.length; x += 1) {
      if (row[x]) from ??= x;
      else if (from !== undefined) {
        parts.push(`M${from} ${y}h${x - from}v1h${from - x}z`);
        from = undefined;
      }
    }
  }
  return parts.join("");
}

/** The secret of an `otpauth://` address in groups of four, for whoever types it. */
export const typedSecret = (address: string): string =>
  (/[?&]secret=([A-Z2-7]{1,200})/i.exec(address)?.[1] ?? "").replace(/(.{4})(?=.)/g, "$1 ");
