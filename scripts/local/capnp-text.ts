/* Cap'n Proto's text format, as far as a configuration of workerd needs it. */

/** A value that refers to nothing. */
export const nothing = "void";

export const group = (members: Record<string, string>): string =>
  `(${Object.entries(members)
    .map(([name, value]) => `${name} = ${value}`)
    .join(", ")})`;

export const list = (members: string[]): string => `[\n  ${members.join(",\n  ")}\n]`;

/** Quoted text knows \xNN for a byte, not \uNNNN. */
export const text = (value: string): string =>
  `"${value.replace(/["\\]|\p{Cc}/gu, (char) => {
    const code = char.charCodeAt(0);
    return code < 128 ? `\\x${code.toString(16).padStart(2, "0")}` : char;
  })}"`;

/** A binding of a worker. */
export const binding = (name: string, kind: string, value: string): string =>
  group({ name: text(name), [kind]: value });
