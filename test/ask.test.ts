import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { ask } from "../scripts/ask";

/** What is on the screen after a question was answered, with the codes that move and wipe. */
async function screenAfter(isHidden: boolean) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const answered = ask("Password: ", isHidden, { input, output });
  input.write("correct horse\r");
  const answer = await answered;
  return { answer, screen: String(output.read()), isListening: !input.isPaused() };
}

test("a hidden answer is not echoed, and the question stays", async () => {
  const { answer, screen } = await screenAfter(true);
  expect([answer, screen]).toEqual(["correct horse", "Password: \n"]);
});

test("a question is not wiped with the line of its answer", async () => {
  const { answer, screen } = await screenAfter(false);
  expect(answer).toBe("correct horse");
  const [, shown = ""] = screen.split("\u001b[0J");
  expect(shown).toContain("Password: ");
  expect(shown).toContain("correct horse");
});

// Else the process would wait for more to be typed, and never end.
test.each([true, false])("nobody listens after the answer (hidden: %s)", async (isHidden) => {
  expect((await screenAfter(isHidden)).isListening).toBe(false);
});
