import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { prepare } from "../../src/digest/prepare";
import { filtered } from "../../src/events/filtered";
import { decodePayload, type StoredEvent } from "../../src/events/payload";
import type { JsonObject } from "../../src/protocol/json";
import { eventsOf } from "../prepared";
import { plants } from "./planted-secrets";

/** Everything that is kept of an event: payload, and what a new issue, its search and its grouping show. */
function kept(payload: JsonObject): { stored: StoredEvent; all: string } {
  const prepared = prepare(
    {
      v: 1,
      id: "m",
      door: "envelope",
      receivedAt: 1_795_500_000_000,
      orgId: 1,
      projectId: 42,
      scrubDefaults: true,
      scrubIpAddresses: false,
      limited: [],
      encoding: null,
    },
    {
      header: {},
      bytes: 0,
      items: [
        {
          type: "event",
          headers: {},
          payload: Buffer.from(JSON.stringify(payload)),
          truncated: false,
        },
      ],
      warnings: [],
    },
  );
  const [event] = eventsOf(prepared);
  if (!event) throw new Error("the event was not accepted");
  const { payload: bytes, userHash: _, ...rest } = event;
  const { event: stored } = decodePayload(bytes);
  return { stored, all: JSON.stringify([stored, rest]) };
}

const quoted = (text: string) => JSON.stringify(text).slice(1, -1);

const all = [...plants()];

test.each(["name", "pair", "user info", "token", "source", "structure"])(
  "no planted secret survives in any place and spelling: %s",
  (kind) => {
    const planted = all.filter((plant) => plant.kind.split(":")[0] === kind);
    expect(planted.length).toBeGreaterThanOrEqual(40);
    const survivors: string[] = [];
    const unnoted: string[] = [];
    for (const plant of planted) {
      const { all: text } = kept(plant.payload);
      const name = `${plant.kind} in ${plant.place}`;
      if (text.includes(quoted(plant.secret))) survivors.push(name);
      if (!text.includes(filtered)) unnoted.push(name);
    }
    expect(survivors).toEqual([]);
    expect(unnoted).toEqual([]);
  },
  120_000,
);

test("there are thousands of plants, and each is of a kind that is tested", () => {
  expect(all.length).toBeGreaterThan(4000);
  expect(
    all.filter(({ kind }) => !/^(name$|(pair|user info|token|source|structure): )/.test(kind)),
  ).toEqual([]);
});

const lines = `
password = os.environ["DB_PASSWORD"]
const password = process.env.PASSWORD;
String password = request.getParameter("password");
if (!password) throw new Error("Missing password");
user.password = await hash(password, 10);
const { password, token } = req.body;
  password: string;
  token: Token | undefined,
def login(self, username, password=None):
return jwt.sign({ id }, process.env.JWT_SECRET, { expiresIn: "1h" });
headers = {"Authorization": f"Bearer {token}"}
headers: { Authorization: \`Bearer \${token}\` },
const TOKEN_KEY = "auth_token";
<input type="password" name="password" placeholder="Password" />
label = t("Please enter your password:")
raise ValueError("Invalid token: %s" % token)
$password = $_POST['password'];
validates :password, presence: true, length: { minimum: 8 }
const fields = ["username", "password", "email"];
cur.execute("SELECT * FROM users WHERE password = %s", (password,))
db = connect(f"postgres://{user}:{password}@{host}/shop")
db.connect(\`postgres://\${user}:\${password}@\${host}/shop\`)
case "password": return <PasswordField key="password" />;
public string Password { get; set; }
token := r.Header.Get("X-Auth-Token")
let secretary = "Ms Jones";
author: "Ada Lovelace",
const tokenizer = new Tokenizer("english");
don't trust the token, it's the user's
session.query(User).filter_by(name="ada")
if (event.key === "Enter") submit();
secret_name = get_secret("prod/database")
  hub.start_session(session_mode='application')
const session = useSession(); // the user's session
throw new AuthError("auth failed for token");
key = "cache:users:42"
assert card.type == "visa"
`
  .split("\n")
  .filter(Boolean);

test.each(lines)("source stays as it is: %s", (line) => {
  const { stored } = kept({
    exception: {
      values: [
        {
          type: "E",
          value: "v",
          stacktrace: {
            frames: [
              {
                function: "f",
                lineno: 2,
                context_line: line,
                pre_context: [line],
                post_context: [line],
              },
            ],
          },
        },
      ],
    },
  });
  const [frame] = stored.exception?.values[0]?.stacktrace?.frames ?? [];
  expect([frame?.context_line, frame?.pre_context, frame?.post_context]).toEqual([
    line.trimEnd() && line,
    [line],
    [line],
  ]);
});

const texts = `
Please enter your password:
Password: must be at least 8 characters
Unexpected token: expected a string
Unexpected token < in JSON at position 0
Unexpected token 'export'
Unexpected token '<', "<!DOCTYPE "... is not valid JSON
Invalid token
auth: permission denied for user
oauth2: cannot fetch token: 400 Bad Request
session: not found
Basic authentication failed
Bearer of bad news
The secretary of the author passed the keyboard to a passenger
TypeError: Cannot read properties of undefined (reading 'token')
column "password" does not exist
relation "sessions" does not exist
Login with password failed
550e8400-e29b-41d4-a716-446655440000
4bf92f3577b34da6a3ce929d0e0e4736
00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
da39a3ee5e6b4b0d3255bfef95601890afd80709
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
shop@1.2.3+build.20261126
@angular/platform-browser@17.3.0
org.springframework.security.authentication.BadCredentialsException
com.example.auth.TokenService.refresh(TokenService.java:42)
/srv/app/node_modules/jsonwebtoken/verify.js:93:21
C:\\Users\\ada\\app\\auth\\session.py
GET /api/tokens/:id/refresh
https://shop.example/reset-password?lang=de&page=2
https://cdn.example/npm/@scope/pkg@1.2.3/dist/index.js
http://localhost:4873/@scope/pkg
git@github.com:acme/shop.git
mailto:ada@example.com
registry.example/app:1.2@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
2026-11-26T01:38:03.123Z took 1234567 ms
order 1234567890123456 of 2026-11-26 01:38:03
phone 555-123-4567
192.168.100.200 10.20.30.40
Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
SELECT id, password FROM users WHERE token = $1 AND name = ?
password=%s token={token} secret=\${SECRET} key=***
arn:aws:iam::123456789012:role/app
sk-learn-models are trained
eyJ is the begin of a token
max_tokens: 4096, prompt_tokens=12
Map(a -> 1, b -> 2)
a=1&b=2&page=3&code=404&state=open
{"author":"ada","tokenizer":"x","keyboard":{"layout":"de"},"total_tokens":12}
<label>Password</label><author>Ada</author>
`
  .split("\n")
  .filter(Boolean);

test.each(texts)("a text stays as it is: %s", (text) => {
  const { stored } = kept({
    extra: { note: text, list: [text, text, text] },
    exception: { values: [{ type: "E", value: text }] },
    breadcrumbs: [{ message: text }],
    contexts: { state: { text } },
  });
  expect(stored.extra).toEqual({ note: text, list: [text, text, text] });
  expect(stored.exception?.values[0]?.value).toBe(text);
  expect(stored.breadcrumbs?.values[0]?.message).toBe(text);
  expect(stored.contexts.state?.text).toBe(text);
  expect(stored._meta).toBeUndefined();
});

const harmlessNames =
  "tokenizer author authors authority passenger keyboard secretary compass bypass passed passive key keys cache_key primary_key foreign_key partitionKey sort_key public_key publishableKey translationKey id name code status hash version checksum digest email user username mechanism pinned spin shopping opinion discard cardinality scorecard postcard dashboard cartoon class classpath pathname monkey turkey donkey hockey session_count token_type token_count max_tokens total_tokens password_length passwordPlaceholder password_strength password_required is_authenticated authenticated sidebar inside residence cookie_domain auth_method auth_provider tokenService AuthController csrf_enabled pass_rate passes method_signature bicycle sspin epoch".split(
    " ",
  );

test.each(harmlessNames)("what is called %s stays", (name) => {
  const value = "some value";
  const { stored } = kept({
    extra: { [name]: value, deep: { [name]: [value] } },
    tags: { [name]: value },
    breadcrumbs: [{ data: { [name]: value } }],
  });
  expect(stored.extra).toEqual({ [name]: value, deep: { [name]: [value] } });
  expect(stored.breadcrumbs?.values[0]?.data).toEqual({ [name]: value });
  expect(stored._meta).toBeUndefined();
});

test("ids, times, versions and names of packages stay, whatever they are called", () => {
  const trace = { trace_id: "4bf92f3577b34da6a3ce929d0e0e4736", span_id: "00f067aa0ba902b7" };
  const { stored } = kept({
    contexts: { trace },
    modules: { cookie: "0.7.1", csrf: "3.1.0", "password-hash": "1.2.2", jsonwebtoken: "9.0.2" },
    sdk: { name: "sentry.python", version: "2.19.0", integrations: ["auth", "session"] },
    debug_meta: {
      images: [{ type: "sourcemap", debug_id: "550e8400-e29b-41d4-a716-446655440000" }],
    },
    release: "shop@1.2.3",
    message: "x",
    extra: {
      fields: ["password", "email"],
      pair: ["token", "session"],
      flags: { token: true, card: null },
    },
  });
  expect(stored.contexts.trace).toMatchObject(trace);
  expect(stored.modules).toEqual({
    cookie: "0.7.1",
    csrf: "3.1.0",
    "password-hash": "1.2.2",
    jsonwebtoken: "9.0.2",
  });
  expect(stored.sdk?.integrations).toEqual(["auth", "session"]);
  expect(stored.extra).toEqual({
    fields: ["password", "email"],
    pair: ["token", "session"],
    flags: { token: true, card: null },
  });
  expect(stored._meta).toBeUndefined();
});
