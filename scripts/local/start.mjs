// Plain JavaScript on purpose: an old Node must reach the sentence below instead of a syntax error.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Brinkwatch needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
const { buildLauncher } = await import("./build-launcher.mjs");
try {
  await import(await buildLauncher());
} catch (error) {
  console.error(`Brinkwatch could not start. ${error.message}`);
  process.exit(1);
}
