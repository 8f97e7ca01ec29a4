/** Calls `print` with each line of a stream that is not empty. */
export function forEachLine(stream: NodeJS.ReadableStream, print?: (line: string) => void): void {
  let rest = "";
  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim()) print?.(line);
  });
}
