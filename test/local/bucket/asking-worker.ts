import { listDeadLetters } from "../../../queues/dead-letters";
import type { Deps } from "../../../src/deps";
import { openBlobs } from "../../../src/platform/blobs";

/** A worker that asks its bucket as the product does, and beside it what only the binding itself can ask. */
export default {
  async fetch(request: Request, env: { BLOBS: R2Bucket }): Promise<Response> {
    const blobs = openBlobs(env.BLOBS, 10_000);
    const url = new URL(request.url);
    const key = url.searchParams.get("key") ?? "";
    const of = (name: string) => Number(url.searchParams.get(name));
    switch (url.pathname) {
      case "/put":
        await blobs.put(key, await request.text(), { failedAt: "now", reason: "ü%20" });
        return new Response();
      case "/put-parts": {
        const part = new Uint8Array(of("bytes")).fill(65);
        await blobs.put(
          key,
          Array.from({ length: of("parts") }, () => part),
        );
        return new Response();
      }
      case "/get":
        return answer(await blobs.get(key));
      case "/range":
        return answer(await blobs.getRange(key, of("offset"), of("length")));
      case "/delete":
        await blobs.delete(JSON.parse(await request.text()));
        return new Response();
      case "/letters":
        return Response.json(await listDeadLetters({ blobs } as Deps));
      case "/list":
        return Response.json(await blobs.list(key, JSON.parse(await request.text())));
      default:
        return Response.json(await ask(env.BLOBS, url.pathname, key));
    }
  },
};

const answer = (bytes: Uint8Array | undefined) =>
  new Response(bytes, { status: bytes ? 200 : 404 });

async function ask(bucket: R2Bucket, what: string, key: string): Promise<unknown> {
  try {
    switch (what) {
      case "/head":
        return await bucket.head(key);
      case "/suffix":
        return await (await bucket.get(key, { range: { suffix: 3 } }))?.text();
      case "/headers":
        return await (
          await bucket.get(key, { range: new Headers({ range: "bytes=1-2" }) })
        )?.text();
      case "/http":
        await bucket.put(key, "x", {
          httpMetadata: { contentType: "text/x", cacheExpiry: new Date(9) },
        });
        return (await bucket.head(key))?.httpMetadata;
      case "/condition":
        return await bucket.put(key, "x", { onlyIf: { etagDoesNotMatch: "*" } });
      case "/multipart":
        return await bucket.createMultipartUpload(key);
      case "/metadata":
        return await bucket.put(key, "x", { customMetadata: { large: "x".repeat(3000) } });
      case "/behind":
        return await bucket.get(key, { range: { offset: 1000 } });
      case "/delimiter":
        return await bucket.list({ delimiter: "/" });
      default:
        return "?";
    }
  } catch (error) {
    return { error: (error as Error).message };
  }
}
