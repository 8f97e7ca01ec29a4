// Runs beside the application in a consumer's workerd: hands it batches of queues and times of crons as the platform
// would. The launcher and the bridges alone know the secret.

const readBatch = (bytes) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headEnd = 4 + view.getUint32(0);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, headEnd)));
  let at = headEnd;
  const messages = head.messages.map(({ id, timestamp, attempts, contentType, length }) => {
    const body = bytes.slice(at, at + length);
    at += length;
    return { id, timestamp: new Date(timestamp), attempts, body: bodyOf(contentType, body) };
  });
  return { messages, metadata: metadataOf(head.metrics) };
};

const bodyOf = (contentType, body) => {
  if (contentType === "bytes") return body.buffer;
  const text = new TextDecoder().decode(body);
  return contentType === "json" ? JSON.parse(text) : text;
};

const metadataOf = ({ backlogCount, backlogBytes, oldestMessageTimestamp }) => ({
  metrics: {
    backlogCount,
    backlogBytes,
    ...(oldestMessageTimestamp && { oldestMessageTimestamp: new Date(oldestMessageTimestamp) }),
  },
});

export default {
  async fetch(request, { APP, CONTROL_SECRET }) {
    if (request.headers.get("authorization") !== `Bearer ${CONTROL_SECRET}`) {
      return new Response("unknown secret", { status: 401 });
    }
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/queue") {
      const { messages, metadata } = readBatch(new Uint8Array(await request.arrayBuffer()));
      return Response.json(await APP.queue(searchParams.get("name"), messages, metadata));
    }
    if (pathname === "/scheduled") {
      const scheduledTime = new Date(Number(searchParams.get("at")));
      return Response.json(await APP.scheduled({ cron: searchParams.get("cron"), scheduledTime }));
    }
    return new Response(pathname === "/alive" ? "yes" : "no such thing", {
      status: pathname === "/alive" ? 200 : 404,
    });
  },
};
