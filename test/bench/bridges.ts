import { startNeonBridge } from "../../scripts/local/neon-bridge";
import { startUpstashBridge } from "../../scripts/local/upstash-bridge";

/**
 * The bridges of the bench in a process of their own: the bench itself delivers batches and reads answers, and what
 * that costs must be neither counted with theirs nor stand in their way.
 */

export type Start = { databaseUrl: string; secret: string };

let isWatching = false;

process.on("message", (message: { start?: Start; watch?: boolean }) => {
  if (message.start) void start(message.start);
  if (message.watch !== undefined) {
    isWatching = message.watch;
    process.send?.({ watching: isWatching });
  }
});
process.on("disconnect", () => process.exit(0));

async function start({ databaseUrl, secret }: Start): Promise<void> {
  const neon = await startNeonBridge(databaseUrl, (query) => {
    if (isWatching) process.send?.({ query });
  });
  const redis = await startUpstashBridge(secret);
  process.send?.({ ready: { neonUrl: neon.url, redisUrl: redis.url } });
}
