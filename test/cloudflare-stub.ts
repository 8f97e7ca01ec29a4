import { createServer, type IncomingMessage } from "node:http";
import { closeServer, listen, portOf, readAll } from "../scripts/local/neon-bridge";

export type Call = { method: string; path: string; body: string };
type Reply = { status: number; code: number; message: string };

const bodyCharsKept = 10_000;
/** With which the files of one deployment may be uploaded. */
const filesToken = "files-of-this-deployment";

/** An account of Cloudflare, as far as a deployment needs one. */
export async function startCloudflareStub(token: string, accountId: string) {
  const account = {
    queues: [] as string[],
    /** Lifecycle rules of each bucket. */
    buckets: new Map<string, { id: string }[]>(),
    worker: undefined as { secrets: Map<string, string>; tag?: string } | undefined,
    /** Accounts that the token sees besides. */
    others: [] as { id: string; name: string }[],
    subdomain: "acme" as string | undefined,
    consumers: [] as string[],
    /** Paths of the files that are served without the worker. */
    files: [] as string[],
    crons: [] as unknown[],
  };
  const calls: Call[] = [];
  const stub = {
    url: "",
    account,
    calls,
    /** Calls that would change something. */
    writes: () => calls.filter(({ method }) => method !== "GET"),
    /** Called while code is uploaded. */
    onUpload: () => undefined as void,
    /** What Cloudflare refuses, by method and the end of the path. */
    refused: new Map<string, Reply>(),
    /** What /_health/ready answers. */
    health: { status: 200, body: { status: "ok", checks: {} } as object },
    close: () => closeServer(server),
  };

  const ok = (result: unknown, info?: object) => ({
    status: 200,
    body: { success: true, errors: [], messages: [], result, ...(info && { result_info: info }) },
  });
  const no = ({ status, code, message }: Reply) => ({
    status,
    body: { success: false, errors: [{ code, message }], messages: [], result: null },
  });
  const missing = (code: number) => no({ status: 404, code, message: "not found" });
  const base = `/accounts/${accountId}`;

  type Answer = { status: number; body: object };
  type Door = (call: Call, parts: string[], query: URLSearchParams) => Answer;
  const ofWorker = (say: (worker: NonNullable<typeof account.worker>) => unknown) =>
    account.worker ? ok(say(account.worker)) : missing(10_007);

  /** Uploads are multipart forms; what is of interest in them is JSON. */
  const upload = ({ body }: Call) => {
    stub.onUpload();
    const [, metadata = "{}"] = /name="metadata"[^{]*(\{.*\})\r\n/.exec(body) ?? [];
    const { annotations } = JSON.parse(metadata);
    const tag = annotations?.["workers/tag"];
    account.worker = { secrets: account.worker?.secrets ?? new Map(), ...(tag && { tag }) };
    return ok({
      id: "v1",
      startup_time_ms: 1,
      metadata: {},
      resources: { script: { etag: "e1" } },
      deployment_id: "d1",
    });
  };

  const doors: [method: string, path: RegExp, door: Door][] = [
    [
      "GET",
      /^\/accounts$/,
      () => ok([{ id: accountId, name: "Acme" }, ...account.others], { total_pages: 1 }),
    ],
    [
      "GET",
      /^\/queues$/,
      (_, __, query) => {
        const page = Number(query.get("page") ?? 1);
        const asked = query.getAll("name");
        const found = account.queues
          .filter((name) => asked.length === 0 || asked.includes(name))
          .map((name) => ({ queue_name: name, queue_id: `id-${name}`, consumers: [] }));
        // Two on a page, so that a list has several.
        return ok(found.slice((page - 1) * 2, page * 2), {
          page,
          per_page: 2,
          count: 2,
          total_count: found.length,
          total_pages: Math.ceil(found.length / 2),
        });
      },
    ],
    [
      "POST",
      /^\/queues$/,
      ({ body }) => {
        const { queue_name: name } = JSON.parse(body);
        if (account.queues.includes(name)) return missing(11_009);
        account.queues.push(name);
        return ok({ queue_name: name });
      },
    ],
    ["GET", /^\/queues\/([\w-]+)\/consumers$/, () => ok([], { total_pages: 1 })],
    [
      "POST",
      /^\/queues\/([\w-]+)\/consumers$/,
      (_, [queue = ""]) => {
        account.consumers.push(queue);
        return ok({});
      },
    ],
    [
      "GET",
      /^\/r2\/buckets\/([\w-]+)$/,
      (_, [name = ""]) => (account.buckets.has(name) ? ok({ name }) : missing(10_006)),
    ],
    [
      "POST",
      /^\/r2\/buckets$/,
      ({ body }) => {
        account.buckets.set(JSON.parse(body).name, [{ id: "Default Multipart Abort Rule" }]);
        return ok({});
      },
    ],
    [
      "GET",
      /^\/r2\/buckets\/([\w-]+)\/lifecycle$/,
      (_, [name = ""]) => {
        const rules = account.buckets.get(name);
        return rules ? ok({ rules }) : missing(10_006);
      },
    ],
    [
      "PUT",
      /^\/r2\/buckets\/([\w-]+)\/lifecycle$/,
      ({ body }, [name = ""]) => {
        account.buckets.set(name, JSON.parse(body).rules);
        return ok({});
      },
    ],
    [
      "POST",
      /^\/workers\/scripts\/brinkwatch\/assets-upload-session$/,
      ({ body }) => {
        const { manifest } = JSON.parse(body) as { manifest: Record<string, { hash: string }> };
        account.files = Object.keys(manifest);
        const hashes = Object.values(manifest).map(({ hash }) => hash);
        return ok({ jwt: filesToken, buckets: [hashes] });
      },
    ],
    ["POST", /^\/workers\/assets\/upload$/, () => ({ ...ok({ jwt: "all-files" }), status: 201 })],
    ["PUT", /^\/workers\/scripts\/brinkwatch$/, upload],
    // Of a worker that is there, a version is uploaded and then deployed.
    ["POST", /^\/workers\/scripts\/brinkwatch\/versions$/, upload],
    ["POST", /^\/workers\/scripts\/brinkwatch\/deployments$/, () => ok({ id: "d2" })],
    ["PATCH", /^\/workers\/scripts\/brinkwatch\/script-settings$/, () => ok({})],
    [
      "GET",
      /^\/workers\/services\/brinkwatch$/,
      () =>
        ofWorker(() => ({
          default_environment: {
            environment: "production",
            script: { last_deployed_from: "wrangler" },
          },
        })),
    ],
    [
      "GET",
      /^\/workers\/scripts\/brinkwatch\/secrets$/,
      () =>
        ofWorker(({ secrets }) =>
          [...secrets.keys()].map((name) => ({ name, type: "secret_text" })),
        ),
    ],
    [
      "PUT",
      /^\/workers\/scripts\/brinkwatch\/secrets$/,
      ({ body }) => {
        const { name, text } = JSON.parse(body);
        return ofWorker(({ secrets }) => secrets.set(name, text).size);
      },
    ],
    [
      "GET",
      /^\/workers\/scripts\/brinkwatch\/deployments$/,
      () =>
        ofWorker(() => ({
          deployments: [{ id: "d1", versions: [{ version_id: "v1", percentage: 100 }] }],
        })),
    ],
    [
      "GET",
      /^\/workers\/scripts\/brinkwatch\/versions\/v1$/,
      () =>
        ofWorker(({ tag }) => ({
          id: "v1",
          annotations: { ...(tag && { "workers/tag": tag }) },
        })),
    ],
    [
      "GET",
      /^\/workers\/scripts\/brinkwatch\/subdomain$/,
      () => ok({ enabled: true, previews_enabled: true }),
    ],
    [
      "POST",
      /^\/workers\/scripts\/brinkwatch\/subdomain$/,
      () => ok({ enabled: true, previews_enabled: true }),
    ],
    [
      "GET",
      /^\/workers\/subdomain$/,
      () => (account.subdomain ? ok({ subdomain: account.subdomain }) : missing(10_007)),
    ],
    [
      "PUT",
      /^\/workers\/scripts\/brinkwatch\/schedules$/,
      ({ body }) => {
        account.crons = JSON.parse(body);
        return ok({ schedules: [] });
      },
    ],
  ];

  const answerTo = (call: Call, authorization: string | undefined): Answer => {
    const given = authorization?.replace(/^Bearer /, "");
    const isFiles = call.path.includes("/workers/assets/upload") && given === filesToken;
    if (given !== token && !isFiles) {
      return no({ status: 403, code: 9109, message: "Invalid access token" });
    }
    const url = new URL(call.path, "http://stub");
    for (const [place, reply] of stub.refused) {
      const [method, end = ""] = place.split(" ");
      if (method === call.method && url.pathname.endsWith(end)) return no(reply);
    }
    const path = url.pathname.replace(base, "");
    for (const [method, pattern, door] of doors) {
      const found = method === call.method ? pattern.exec(path) : null;
      if (found) return door(call, found.slice(1), url.searchParams);
    }
    return missing(7003);
  };

  const receive = async (request: IncomingMessage): Promise<Answer> => {
    const path = request.url ?? "/";
    if (path === "/_health/ready") return stub.health;
    if (path.startsWith("/broken")) return { status: 502, body: {} };
    const call = {
      method: request.method ?? "GET",
      path,
      body: (await readAll(request)).toString("latin1"),
    };
    // What is uploaded is large, and only its metadata is of interest.
    calls.push({ ...call, body: call.body.slice(0, bodyCharsKept) });
    return answerTo(call, request.headers.authorization);
  };
  const server = createServer((request, response) => {
    receive(request).then(
      ({ status, body }) =>
        response
          .writeHead(status, { "content-type": "application/json" })
          .end(JSON.stringify(body)),
      () => response.destroy(),
    );
  });
  await listen(server);
  stub.url = `http://127.0.0.1:${portOf(server)}`;
  return stub;
}
