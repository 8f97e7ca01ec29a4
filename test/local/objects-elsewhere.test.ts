import { afterAll, expect, test } from "vitest";
import { eventually } from "../harness";
import { needed } from "./sample-worker";
import { endAll, project } from "./workerd-project";

afterAll(endAll);

const toml = `${needed}
[durable_objects]
bindings = [
  { name = "DIARY", class_name = "Diary" },
  { name = "OWN", class_name = "Diary", script_name = "sample" },
  { name = "OTHER", class_name = "Other" },
]

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Diary", "Other"]
`;

// Each path is one way to use an object; the answer is what the caller sees.
const worker = `
import { DurableObject, RpcTarget } from "cloudflare:workers";
class Pen extends RpcTarget {
  constructor(diary) { super(); this.diary = diary; }
  write(text) { return this.diary.write(text); }
}
export class Diary extends DurableObject {
  async write(text) {
    const pages = [...(await this.pages()), text];
    await this.ctx.storage.put("pages", pages);
    return pages.length;
  }
  async pages() { return (await this.ctx.storage.get("pages")) ?? []; }
  ownId() { return this.ctx.id.toString(); }
  pen() { return new Pen(this); }
  twice(give) { return Promise.all([give(1), give(2)]); }
  fail() { throw new RangeError("no more pages"); }
  async wake(ms) { await this.ctx.storage.setAlarm(Date.now() + ms); }
  alarm() { return this.write("woken"); }
  async fetch(request) {
    if (request.headers.get("upgrade") !== "websocket") {
      return new Response(request.method + " " + new URL(request.url).pathname + " " + (await request.text()));
    }
    const { 0: theirs, 1: own } = new WebSocketPair();
    own.accept();
    own.addEventListener("message", ({ data }) => own.send("heard " + data));
    return new Response(null, { status: 101, webSocket: theirs });
  }
}
export class Other extends Diary {}
const uses = {
  write: ({ DIARY }, text) => DIARY.getByName("one").write(text),
  pages: ({ DIARY }) => DIARY.getByName("one").pages(),
  ids: async ({ DIARY, OTHER }) => {
    const named = DIARY.idFromName("one");
    const fresh = DIARY.newUniqueId();
    return {
      named: (await DIARY.get(named).ownId()) === named.toString(),
      same: named.equals(DIARY.idFromString(named.toString())),
      fresh: (await DIARY.get(DIARY.idFromString(fresh.toString())).ownId()) === fresh.toString(),
      foreign: await Promise.resolve().then(() => OTHER.idFromString(named.toString())).catch((error) => error.name),
      others: await OTHER.getByName("one").pages(),
      text: named.toString(),
    };
  },
  own: ({ OWN }) => OWN.getByName("one").pages(),
  pen: async ({ DIARY }) => {
    using pen = await DIARY.getByName("pens").pen();
    return [await pen.write("a"), await pen.write("b")];
  },
  twice: ({ DIARY }) => DIARY.getByName("one").twice((n) => n * 10),
  fail: ({ DIARY }) => DIARY.getByName("one").fail(),
  absent: ({ DIARY }) => DIARY.getByName("one").absent(),
  socket: async ({ DIARY }) => {
    const { webSocket } = await DIARY.getByName("one").fetch("http://diary/", { headers: { upgrade: "websocket" } });
    webSocket.accept();
    const heard = new Promise((resolve) => webSocket.addEventListener("message", ({ data }) => resolve(data)));
    webSocket.send("hello");
    return heard.finally(() => webSocket.close());
  },
  fetch: async ({ DIARY }) =>
    (await DIARY.getByName("one").fetch("http://diary/page", { method: "PUT", body: "some words" })).text(),
  wake: async ({ DIARY }, ms) => (await DIARY.getByName("sleeper").wake(Number(ms)), "set"),
  woken: ({ DIARY }) => DIARY.getByName("sleeper").pages(),
};
export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    try {
      return Response.json(await uses[pathname.slice(1)](env, searchParams.get("with")));
    } catch (error) {
      return Response.json({ threw: error.name, saying: error.message });
    }
  },
};`;

const ask = async ({ url }: { url: string }, use: string, given = "") =>
  (await fetch(`${url}/${use}?with=${given}`)).json();

test("an object is the same from the door and from every consumer, by requests and by calls", async () => {
  const { start } = project(toml, { "worker.js": worker });
  const home = await start(true);
  const [door, second] = [await start(false), await start(false)];

  expect(await ask(home, "write", "first")).toBe(1);
  expect(await ask(door, "write", "second")).toBe(2);
  expect(await ask(second, "write", "third")).toBe(3);
  for (const part of [home, door, second]) {
    expect(await ask(part, "pages")).toEqual(["first", "second", "third"]);
    expect(await ask(part, "own")).toEqual(["first", "second", "third"]);
    expect(await ask(part, "twice")).toEqual([10, 20]);
    expect(await ask(part, "fetch")).toBe("PUT /page some words");
    expect(await ask(part, "socket")).toBe("heard hello");
    expect(await ask(part, "fail")).toEqual({ threw: "RangeError", saying: "no more pages" });
    expect(await ask(part, "absent")).toMatchObject({ threw: "TypeError" });
  }
  const ids = await ask(home, "ids");
  expect(ids).toMatchObject({
    named: true,
    same: true,
    fresh: true,
    foreign: "TypeError",
    others: [],
  });
  expect(await ask(door, "ids")).toEqual(ids);
  expect(await ask(door, "pen")).toEqual([1, 2]);
  expect(await ask(home, "pen")).toEqual([3, 4]);
});

test("a killed home of objects has lost nothing, wakes those that wanted to be woken, and the others find it again", async () => {
  const { start } = project(toml, { "worker.js": worker });
  const home = await start(true);
  const door = await start(false);
  expect(await ask(door, "write", "kept")).toBe(1);
  expect(await ask(door, "wake", "500")).toBe("set");
  await home.kill();
  // Not the words for something that the caller did wrong.
  expect(await ask(door, "pages")).toMatchObject({
    threw: "Error",
    saying: "Network connection lost.",
  });

  await start(true);
  // The connection to the old home may be found broken once more.
  await eventually(async () => expect(await ask(door, "pages")).toEqual(["kept"]));
  await eventually(async () => expect(await ask(door, "woken")).toEqual(["woken"]));
});
