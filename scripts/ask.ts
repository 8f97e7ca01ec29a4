import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

type Terminal = { input: NodeJS.ReadableStream; output: NodeJS.WritableStream };

/** Asks whoever sits at the terminal. What is hidden is not echoed. */
export async function ask(
  question: string,
  isHidden = false,
  { input, output }: Terminal = { input: process.stdin, output: process.stdout },
): Promise<string> {
  // The prompt of a reader goes where its echo goes.
  if (isHidden) output.write(question);
  const nowhere = new Writable({ write: (_, __, done) => done() });
  const reader = createInterface({
    input,
    output: isHidden ? nowhere : output,
    terminal: true,
  });
  const answer = await reader.question(isHidden ? "" : question);
  reader.close();
  if (isHidden) output.write("\n");
  return answer;
}
