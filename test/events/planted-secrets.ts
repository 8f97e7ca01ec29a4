import type { Json, JsonObject } from "../../src/protocol/json";

/**
 * Events with one secret each, the same at every run: kinds of secrets × places in an event × spellings. No plant may
 * be found in what is stored, listed, searched or explained.
 */
export type Plant = { kind: string; place: string; secret: string; payload: JsonObject };

const names =
  "password user_password dbPasswd PASSWORD password_confirmation DB_PASS MYSQL_PWD smtp_pass api_key apiKey X-Api-Key APIKEY client_secret clientSecret SECRET_KEY_BASE secret RAILS_MASTER_KEY encryption_key signingKey AWS_SECRET_ACCESS_KEY AWS_ACCESS_KEY_ID private_key privateKey ssh_key APP_KEY account_key Authorization Authentication Proxy-Authorization auth basicAuth authToken authtoken access_token refreshToken id_token csrftoken csrfmiddlewaretoken XSRF-TOKEN X-CSRF-Token authenticity_token token token2 SENTRY_AUTH_TOKEN PHPSESSID JSESSIONID ASP.NET_SessionId connect.sid sessionid session_id laravel_session set-cookie sid jwt SAMLResponse passphrase passcode credentials creds pin cvv cvc2 otp totp mfa ssn iban cardNumber card_number ccnumber creditcard credit_card user[password] passwort contraseña senha X-Amz-Security-Token X-Amz-Signature hmac salt security_answer recovery_code one_time_code".split(
    " ",
  );

/** Tokens in the shape of a service, by its name; `n` makes them differ. */
export const tokenSamples = (n: number): [string, string][] => {
  const low = "q7w2e9r4t1y6u3i8o5p0a1s2d3f4g5h6j7k8l9z0x1c2v3b4n5m6".repeat(4);
  const mixed = "Aq7Ws2Ed9Rf4Tg1Yh6Uj3Ik8Ol5Pz0Xc1Vb2Nm3Qa4Sw5De6Fr7".repeat(4);
  const hex = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".repeat(3);
  const upper = "Q7W2E9R4T1Y6U3I8O5P0A1S2D3F4G5H6J7K8L9Z0X1C2V3B4N5M6".repeat(3);
  const digits = String(1_000_000 + n).slice(1);
  const of = (alphabet: string, length: number) => `${digits}${alphabet}`.slice(0, length);
  return [
    ["Adobe", `p8e-${of(mixed, 40)}`],
    ["age", `AGE-SECRET-KEY-1${of(upper, 58)}`],
    ["Airtable", `pat${of(mixed, 14)}.${of(hex, 64)}`],
    ["Alibaba", `LTAI${of(mixed, 20)}`],
    ["Anthropic", `sk-ant-api03-${of(mixed, 60)}`],
    ["Asana", `1/1${of("123456789012", 12)}:${of(hex, 32)}`],
    ["Atlassian", `ATATT3xFfGF0${of(mixed, 60)}`],
    ["AWS", `AKIA${of(upper, 16)}`],
    ["AWS, temporary", `ASIA${of(upper, 16)}`],
    ["Azure AD", `abc8Q~${of(mixed, 34)}`],
    ["Brevo", `xkeysib-${of(hex, 64)}-${of(mixed, 16)}`],
    ["Cloudflare", `v1.0-${of(hex, 24)}-${of(hex, 146)}`],
    ["Contentful", `CFPAT-${of(mixed, 43)}`],
    ["crates.io", `cio${of(mixed, 32)}`],
    ["Databricks", `dapi${of(hex, 32)}`],
    ["DigitalOcean", `dop_v1_${of(hex, 64)}`],
    ["Discord", `MT${of(mixed, 24)}.Gabc12.${of(mixed, 38)}`],
    ["Discord webhook", `https://discord.com/api/webhooks/123456789012345678/${of(mixed, 68)}`],
    ["Docker", `dckr_pat_${of(mixed, 27)}`],
    ["Doppler", `dp.pt.${of(mixed, 43)}`],
    ["Dynatrace", `dt0c01.${of(upper, 24)}.${of(upper, 64)}`],
    ["Facebook", `EAAB${of(mixed, 80)}`],
    ["Figma", `figd_${of(mixed, 40)}`],
    ["Flutterwave", `FLWSECK_TEST-${of(hex, 32)}`],
    ["Fly.io", `fm2_${of(mixed, 100)}`],
    ["GitHub", `ghp_${of(mixed, 36)}`],
    ["GitHub app", `ghs_${of(mixed, 36)}`],
    ["GitHub, fine-grained", `github_pat_${of(mixed, 22)}_${of(mixed, 59)}`],
    ["GitLab", `glpat-${of(mixed, 20)}`],
    ["GitLab runner", `GR1348941${of(mixed, 20)}`],
    ["Google API", `AIza${of(mixed, 35)}`],
    ["Google client", `GOCSPX-${of(mixed, 28)}`],
    ["Google access", `ya29.${of(mixed, 100)}`],
    ["Google refresh", `1//0${of(mixed, 60)}`],
    ["Grafana", `glsa_${of(mixed, 32)}_${of(hex, 8)}`],
    ["Groq", `gsk_${of(mixed, 52)}`],
    ["Heroku", `HRKU-${of(mixed, 36)}`],
    ["Hugging Face", `hf_${of(mixed, 34)}`],
    ["JFrog", `AKCp${of(mixed, 69)}`],
    ["JWT", `eyJhbGciOiJIUzI1NiJ9.eyJ${of(mixed, 30)}.${of(mixed, 43)}`],
    ["JWT, unsigned", `eyJhbGciOiJub25lIn0.eyJ${of(mixed, 30)}.`],
    ["Linear", `lin_api_${of(mixed, 40)}`],
    ["Mailchimp", `${of(hex, 32)}-us12`],
    ["Mailgun", `key-${of(hex, 32)}`],
    ["Netlify", `nfp_${of(mixed, 36)}`],
    ["New Relic", `NRAK-${of(upper, 27)}`],
    ["Notion", `ntn_${of(mixed, 46)}`],
    ["npm", `npm_${of(mixed, 36)}`],
    ["NuGet", `oy2${of(low, 43)}`],
    ["OpenAI", `sk-proj-${of(mixed, 60)}`],
    ["Perplexity", `pplx-${of(mixed, 48)}`],
    ["Plaid", `access-sandbox-${of(hex, 8)}-1234-4321-abcd-123456789abc`],
    ["PlanetScale", `pscale_pw_${of(mixed, 43)}`],
    ["Postman", `PMAK-${of(hex, 24)}-${of(hex, 34)}`],
    ["Pulumi", `pul-${of(hex, 40)}`],
    ["PyPI", `pypi-AgEIcHlwaS5vcmc${of(mixed, 60)}`],
    ["Razorpay", `rzp_live_${of(mixed, 14)}`],
    ["Replicate", `r8_${of(mixed, 37)}`],
    ["Resend", `re_${of(mixed, 8)}_${of(mixed, 24)}`],
    ["RubyGems", `rubygems_${of(hex, 48)}`],
    ["SendGrid", `SG.${of(mixed, 22)}.${of(mixed, 43)}`],
    ["Sentry", `sntrys_${of(mixed, 60)}`],
    ["Shopify", `shpat_${of(hex, 32)}`],
    ["Slack", `xoxb-${of("123456789012", 12)}-${of(mixed, 24)}`],
    ["Slack app", `xapp-1-A${of(upper, 10)}-${of(hex, 40)}`],
    [
      "Slack webhook",
      `https://hooks.slack.com/services/T${of(upper, 8)}/B${of(upper, 8)}/${of(mixed, 24)}`,
    ],
    ["Sourcegraph", `sgp_${of(hex, 40)}`],
    ["Square", `sq0csp-${of(mixed, 43)}`],
    ["Stripe", `sk_live_${of(mixed, 24)}`],
    ["Stripe, restricted", `rk_test_${of(mixed, 24)}`],
    ["Stripe webhook", `whsec_${of(mixed, 32)}`],
    ["Supabase", `sbp_${of(hex, 40)}`],
    ["Tailscale", `tskey-auth-${of(mixed, 30)}`],
    ["Telegram", `12${of("3456789", 8)}:AA${of(mixed, 33)}`],
    ["Tencent", `AKID${of(mixed, 32)}`],
    ["Terraform", `${of(mixed, 14)}.atlasv1.${of(mixed, 67)}`],
    ["Twilio", `SK${of(hex, 32)}`],
    ["Typeform", `tfp_${of(mixed, 59)}`],
    ["Vault", `hvs.${of(mixed, 90)}`],
    ["xAI", `xai-${of(mixed, 80)}`],
    ["1Password", `ops_eyJ${of(mixed, 100)}`],
    ["bearer", `Bearer ${of(mixed, 30)}`],
    ["basic", `Basic ${of(mixed, 30)}==`],
    ["card", "4111111111111111"],
    ["card in groups", "5500 0000 0000 0004"],
    ["American Express", "3782-822463-10005"],
    ["social security", "123-45-6789"],
    ["IBAN", "DE89 3704 0044 0532 0130 00"],
    [
      "private key",
      `-----BEGIN RSA PRIVATE KEY-----\nMIIEow${of(mixed, 60)}\n-----END RSA PRIVATE KEY-----`,
    ],
  ];
};

const frame = (members: JsonObject): JsonObject => ({
  exception: {
    values: [{ type: "E", value: "v", stacktrace: { frames: [{ function: "f", ...members }] } }],
  },
});

/** Where a text can be. */
const textPlaces: [string, (text: string) => JsonObject][] = [
  ["message", (text) => ({ message: text })],
  ["logentry", (text) => ({ logentry: { message: "x", formatted: text } })],
  ["template of a message", (text) => ({ logentry: { message: text, formatted: "other" } })],
  ["parameter", (text) => ({ logentry: { message: "x %s", params: [text], formatted: "y" } })],
  ["exception value", (text) => ({ exception: { values: [{ type: "E", value: text }] } })],
  ["exception type", (text) => ({ exception: { values: [{ type: text, value: "v" }] } })],
  ["transaction", (text) => ({ transaction: text })],
  ["logger", (text) => ({ logger: text })],
  ["server name", (text) => ({ server_name: text })],
  ["fingerprint", (text) => ({ fingerprint: ["a", text], message: "x" })],
  ["tag", (text) => ({ tags: { note: text } })],
  ["extra", (text) => ({ extra: { note: text } })],
  ["extra, deep", (text) => ({ extra: { a: [{ b: [{ c: ["x", text] }] }] } })],
  ["a key of extra", (text) => ({ extra: { map: { [text]: 1 } } })],
  ["context", (text) => ({ contexts: { state: { value: { last: text } } } })],
  ["trace context", (text) => ({ contexts: { trace: { description: text, data: { d: text } } } })],
  ["breadcrumb", (text) => ({ breadcrumbs: [{ message: text, category: "log" }] })],
  ["breadcrumb category", (text) => ({ breadcrumbs: [{ message: "m", category: text }] })],
  ["breadcrumb data", (text) => ({ breadcrumbs: [{ data: { arguments: [text] } }] })],
  ["request body", (text) => ({ request: { data: text } })],
  ["member of a body", (text) => ({ request: { data: { note: text } } })],
  ["header", (text) => ({ request: { headers: { Referer: text } } })],
  ["environment", (text) => ({ request: { env: { NOTE: text } } })],
  ["fragment", (text) => ({ request: { url: "https://x.example/", fragment: text } })],
  ["user", (text) => ({ user: { id: "1", username: text } })],
  ["user data", (text) => ({ user: { id: "1", note: text } })],
  ["frame variable", (text) => frame({ vars: { local: text } })],
  [
    "raw stack",
    (text) => ({
      exception: {
        values: [
          {
            type: "E",
            value: "v",
            raw_stacktrace: { frames: [{ function: "f", vars: { a: text } }] },
          },
        ],
      },
    }),
  ],
  [
    "mechanism",
    (text) => ({
      exception: {
        values: [
          { type: "E", value: "v", mechanism: { type: "x", description: text, data: { d: text } } },
        ],
      },
    }),
  ],
  ["thread", (text) => ({ threads: { values: [{ id: 1, name: text, held_locks: { a: text } }] } })],
  ["sdk settings", (text) => ({ sdk: { name: "s", version: "1", settings: { note: text } } })],
  ["debug image", (text) => ({ debug_meta: { images: [{ type: "x", note: text }] } })],
  ["an error of the SDK", (text) => ({ errors: [{ type: "t", name: "n", value: text }] })],
  ["JSON in extra", (text) => ({ extra: { body: JSON.stringify({ a: [{ note: text }] }) } })],
  [
    "cut JSON in extra",
    (text) => ({ extra: { body: `{"a":[{"note":${JSON.stringify(text)},"b` } }),
  ],
];

/** Where names decide. */
const treePlaces: [string, (name: string, value: Json) => JsonObject][] = [
  ["extra", (name, value) => ({ extra: { [name]: value } })],
  ["extra, deep", (name, value) => ({ extra: { a: [{ b: { [name]: value } }] } })],
  ["context", (name, value) => ({ contexts: { state: { [name]: value } } })],
  ["trace data", (name, value) => ({ contexts: { trace: { data: { [name]: value } } } })],
  ["breadcrumb data", (name, value) => ({ breadcrumbs: [{ data: { [name]: value } }] })],
  ["body", (name, value) => ({ request: { data: { [name]: value } } })],
  ["environment", (name, value) => ({ request: { env: { [name]: value } } })],
  ["header", (name, value) => ({ request: { headers: { [name]: String(value) } } })],
  ["query", (name, value) => ({ request: { query_string: [[name, String(value)]] } })],
  ["cookie", (name, value) => ({ request: { cookies: [[name, String(value)]] } })],
  ["user data", (name, value) => ({ user: { id: "1", [name]: value } })],
  ["frame variable", (name, value) => frame({ vars: { [name]: value } })],
  [
    "mechanism data",
    (name, value) => ({
      exception: {
        values: [{ type: "E", value: "v", mechanism: { type: "x", data: { [name]: value } } }],
      },
    }),
  ],
  [
    "held locks",
    (name, value) => ({ threads: { values: [{ id: 1, held_locks: { [name]: value } }] } }),
  ],
  [
    "sdk settings",
    (name, value) => ({ sdk: { name: "s", version: "1", settings: { [name]: value } } }),
  ],
  [
    "parameter",
    (name, value) => ({ logentry: { message: "x", params: { [name]: value }, formatted: "y" } }),
  ],
  [
    "JSON in a body",
    (name, value) => ({ request: { data: JSON.stringify({ a: { [name]: value } }) } }),
  ],
  [
    "list of pairs",
    (name, value) => ({
      extra: {
        headers: [
          [name, value],
          ["accept", "x"],
        ],
      },
    }),
  ],
  ["list of names and values", (name, value) => ({ extra: { form: [{ name, value }] } })],
  ["tag", (name, value) => ({ tags: { [name]: String(value) } })],
];

/** A secret beside its name in a text. */
const notations: [string, (name: string, secret: string) => string][] = [
  ["query", (name, secret) => `GET /login?a=1&${name}=${secret}&b=2 HTTP/1.1`],
  ["form", (name, secret) => `${name}=${secret}&a=1`],
  ["URL", (name, secret) => `https://x.example/a?${name}=${secret}#top`],
  ["escaped URL", (name, secret) => `/go?to=https%3A%2F%2Fx%2F%3F${name}%3D${secret}%26a%3D1`],
  ["fragment", (name, secret) => `https://x.example/#${name}=${secret}&state=1`],
  ["assignment", (name, secret) => `set ${name} = ${secret} now`],
  ["printed with a colon", (name, secret) => `login ${name}: ${secret} failed`],
  ["quoted with blanks", (name, secret) => `${name}="my ${secret} with blanks" failed`],
  ["single quotes", (name, secret) => `{'${name}': 'my ${secret} x', 'a': 1}`],
  ["broken JSON", (name, secret) => `{"a":1,"${name}":"x ${secret}","b":[1,2`],
  ["JSON after words", (name, secret) => `Response was {"${name}": "${secret}", "ok": false}`],
  ["escaped JSON", (name, secret) => `"{\\"${name}\\":\\"${secret}\\"}"`],
  ["broken JSON with an object", (name, secret) => `{"${name}":{"value":"${secret}","x":[1]},"b":`],
  ["Ruby", (name, secret) => `{"${name}"=>"${secret}", :a=>1}`],
  ["PHP", (name, secret) => `Array ( [${name}] => ${secret} [a] => 1 )`],
  [
    "PHP, serialized",
    (name, secret) => `a:1:{s:${name.length}:"${name}";s:${secret.length}:"${secret}";}`,
  ],
  ["Go", (name, secret) => `map[a:1 ${name}:${secret} b:2]`],
  ["Java", (name, secret) => `User{id=1, ${name}=${secret}, x=2}`],
  ["Java, quoted", (name, secret) => `User{${name}='${secret}'}`],
  ["Rust", (name, secret) => `User { ${name}: Some("${secret}"), id: 1 }`],
  ["Python bytes", (name, secret) => `{'${name}': b'${secret}'}`],
  ["Scala", (name, secret) => `Map(a -> 1, ${name} -> ${secret})`],
  ["GraphQL", (name, secret) => `mutation { login(email: "a@b.c", ${name}: "${secret}") { id } }`],
  ["command line", (name, secret) => `tool --${name} ${secret} --verbose`],
  ["environment file", (name, secret) => `A=1\n${name}=${secret}\nB=2`],
  ["YAML", (name, secret) => `a: 1\n${name}: ${secret} and more\nb: 2`],
  ["XML", (name, secret) => `<a><${name}>${secret}</${name}><b>1</b></a>`],
  ["XML with a prefix", (name, secret) => `<w:${name} Type="x">${secret}</w:${name}>`],
  ["XML attribute", (name, secret) => `<user id="1" ${name}="${secret}"/>`],
  ["XML pair", (name, secret) => `<add key="${name}" value="${secret}"/>`],
  ["property list", (name, secret) => `<key>${name}</key><string>${secret}</string>`],
  [
    "multipart",
    (name, secret) =>
      `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${secret}\r\n--x--\r\n`,
  ],
  ["header line", (name, secret) => `curl -H "${name}: ${secret}" https://x.example`],
];

/** Names that can stand in markup and code as they are. */
const wordNames = names.filter((name) => /^[A-Za-z_]\w*$/.test(name));

/** A secret in a line of source. */
const codeLines: [string, (secret: string) => string][] = [
  ["assigned", (secret) => `const password = "${secret}";`],
  ["typed", (secret) => `  private apiKey: string = '${secret}';`],
  ["Go", (secret) => `\tclientSecret := \`${secret}\``],
  ["member", (secret) => `config.secret_key_base = '${secret}'`],
  ["map", (secret) => `  { "user": "a", "password": "${secret} x" },`],
  ["Ruby symbol", (secret) => `connect(host: "db", password: "${secret}")`],
  ["hash rocket", (secret) => `  'auth_token' => '${secret}',`],
  ["index", (secret) => `os.environ["DB_PASSWORD"] = "${secret}"`],
  ["default", (secret) => `password = os.getenv("DB_PASSWORD", "${secret}")`],
  ["fallback", (secret) => `const token = process.env.TOKEN || "${secret}";`],
  ["compared", (secret) => `if password == "${secret}":`],
  ["setter", (secret) => `client.setPassword("${secret}")`],
  ["URL", (secret) => `db = connect("postgres://app:${secret}@db.example/shop")`],
  ["query", (secret) => `fetch("https://x.example/?access_token=${secret}&a=1")`],
  ["header", (secret) => `headers = {"Authorization": "Bearer ${secret}"}`],
  ["connection string", (secret) => `var c = "Server=db;User=sa;Password=${secret};";`],
  ["bytes", (secret) => `SECRET_KEY = b'${secret}'`],
  ["attribute", (secret) => `<add key="ApiKey" value="${secret}" />`],
  ["cut off", (secret) => `password = "${secret} and more`],
];

/** User info of URLs. */
const addresses: [string, (secret: string) => string][] = [
  ["database", (secret) => `cannot reach postgres://app:${secret}@db.example/shop`],
  ["an at sign in it", (secret) => `https://app:x@${secret}@host.example/a`],
  ["a slash in it", (secret) => `redis://app:ab/${secret}@host.example:6379/0`],
  ["no user", (secret) => `redis://:${secret}@cache:6379`],
  ["a token as the user", (secret) => `https://${secret}${secret}@git.example/a.git`],
  ["JDBC", (secret) => `jdbc:postgresql://u:${secret}@db/x`],
  ["MySQL of Go", (secret) => `app:${secret}@tcp(127.0.0.1:3306)/db`],
  ["in brackets", (secret) => `see (amqp://u:${secret}@mq:5672/v) for more`],
];

/** A tag has no lines, and a form without lines is none. */
const isLost = (notation: string, place: string) => notation === "multipart" && place === "tag";

/** Every plant of the suite, about 4 700, always the same. */
export function* plants(): Generator<Plant> {
  let number = 0;
  const next = () => `h7nt3r${String(100_000 + number++).slice(1)}Xq`;
  for (const name of names) {
    for (const [place, put] of treePlaces) {
      const secret = next();
      yield { kind: "name", place, secret, payload: put(name, secret) };
    }
  }
  for (const [index, name] of wordNames.entries()) {
    for (const [at, [notation, write]] of notations.entries()) {
      if ((index + at) % 3 !== 0) continue;
      // Each name with a third of the notations, each time in another place.
      const [place, put] = textPlaces[(index * 7 + at) % textPlaces.length] ?? ["", () => ({})];
      if (isLost(notation, place)) continue;
      const secret = next();
      yield { kind: `pair: ${notation}`, place, secret, payload: put(write(name, secret)) };
    }
  }
  for (const [place, put] of textPlaces) {
    for (const [notation, write] of notations) {
      if (isLost(notation, place)) continue;
      const secret = next();
      yield { kind: `pair: ${notation}`, place, secret, payload: put(write("password", secret)) };
    }
    for (const [spelling, write] of addresses) {
      const secret = next();
      yield { kind: `user info: ${spelling}`, place, secret, payload: put(write(secret)) };
    }
  }
  for (const [at, [place, put]] of textPlaces.entries()) {
    for (const [index, [service, token]] of tokenSamples(at).entries()) {
      if ((index + at) % 6 !== 0) continue;
      yield { kind: `token: ${service}`, place, secret: token, payload: put(`got ${token} there`) };
    }
  }
  yield* plantsInCode(next);
  yield* structures(next);
}

function* plantsInCode(next: () => string): Generator<Plant> {
  for (const [spelling, write] of codeLines) {
    for (const place of ["context_line", "pre_context", "post_context"]) {
      const secret = next();
      const line = write(secret);
      const members = { lineno: 3, [place]: place === "context_line" ? line : ["a", line] };
      yield { kind: `source: ${spelling}`, place, secret, payload: frame(members) };
    }
  }
  for (const [service, token] of tokenSamples(77)) {
    if (token.includes("\n")) continue;
    const payload = frame({ lineno: 3, context_line: `send("${token}")` });
    yield { kind: `token: ${service}`, place: "context_line", secret: token, payload };
  }
}

/** Secrets that only the form of the data tells. */
function* structures(next: () => string): Generator<Plant> {
  const made: [string, (secret: string) => JsonObject][] = [
    ["arguments", (s) => ({ extra: { argv: ["tool", "--password", s, "--verbose"] } })],
    ["argument with a sign", (s) => ({ extra: { argv: [`--password=${s}`, "x"] } })],
    ["two texts, the first one tells", (s) => ({ extra: { list: [`password=${s}`, "x"] } })],
    ["two texts, a URL", (s) => ({ extra: { list: [`https://u:${s}@h/`, "password"] } })],
    ["what was logged", (s) => ({ breadcrumbs: [{ data: { arguments: ["password:", s] } }] })],
    ["flat headers", (s) => ({ extra: { rawHeaders: ["Host", "x", "Authorization", s] } })],
    ["header and value", (s) => ({ extra: { h: [{ key: "X-Api-Key", value: s }] } })],
    ["an input", (s) => ({ extra: { input: { type: "password", value: s } } })],
    ["a whole object", (s) => ({ extra: { credentials: { user: "a", x: [s] } } })],
    ["a context called so", (s) => ({ contexts: { credentials: { x: s } } })],
    ["parameter of a template", (s) => ({ logentry: { message: "pwd: %s", params: [s] } })],
    ["second parameter", (s) => ({ logentry: { message: "a %s pw=%s", params: ["x", s] } })],
    ["path of a frame", (s) => frame({ abs_path: `https://x.example/a.js?token=${s}` })],
    ["file of a frame", (s) => frame({ filename: `a.js?access_token=${s}` })],
    ["function of a frame", (s) => frame({ function: `f(password=${s})` })],
    ["module of a frame", (s) => frame({ module: `m?password=${s}` })],
    ["package of a frame", (s) => frame({ package: `https://u:${s}@h/p` })],
    ["template", (s) => ({ message: "x", template: { filename: `t?password=${s}`, lineno: 1 } })],
    ["module of an exception", (s) => ({ exception: [{ type: "E", module: `m?token=${s}` }] })],
    ["version of a package", (s) => ({ modules: { a: `git+https://u:${s}@h/r.git` } })],
    ["package of the SDK", (s) => ({ sdk: { name: "s", packages: [{ name: `x?token=${s}` }] } })],
    ["notes of the SDK", (s) => ({ _meta: { extra: { "": { rem: [[`password=${s}`, "s"]] } } } })],
    ["path of a note", (s) => ({ _meta: { extra: { [`token=${s}`]: { "": { len: 5 } } } } })],
    ["release that is refused", (s) => ({ release: `a/b?password=${s}` })],
    ["URL of the request", (s) => ({ request: { url: `https://u:${s}@x.example/` } })],
    ["culprit", (s) => ({ culprit: `/a?token=${s}` })],
    ["code of a sign-in", (s) => ({ request: { url: `https://x.example/cb?code=${s}${s}` } })],
    ["signature", (s) => ({ extra: { url: `https://x.example/f?X-Amz-Signature=${s}&a=1` } })],
    ["shared access signature", (s) => ({ extra: { url: `https://x.example/f?sv=1&sig=${s}` } })],
    ["Azure storage", (s) => ({ extra: { c: `AccountName=a;AccountKey=${s}==;E=x` } })],
    ["curl", (s) => ({ message: `curl -u admin:${s} https://x.example` })],
    ["SQL", (s) => ({ message: `ALTER ROLE app PASSWORD '${s}'` })],
    ["cookie line", (s) => ({ message: `Cookie: a=b; theme=${s}` })],
    ["set-cookie", (s) => ({ message: `Set-Cookie: sid=${s}; Path=/` })],
    [
      "authorization line",
      (s) => ({ message: `Authorization: Digest username="a", response="${s}"` }),
    ],
    ["a number", () => ({ extra: { pin: 48_151_623 } })],
    ["a card as a number", () => ({ extra: { n: 4_111_111_111_111_111 } })],
    ["a card with its date", () => ({ message: "card 4111 1111 1111 1111 12 25 123" })],
    ["tag of a name with a token", (s) => ({ tags: { [`ghp_${s}${s}`]: "x" } })],
    ["csp", (s) => ({ extra: { "csp-report": { "document-uri": `https://x/?token=${s}` } } })],
  ];
  const fixed = new Map([
    ["a number", "48151623"],
    ["a card as a number", "4111111111111111"],
    ["a card with its date", "4111 1111 1111 1111"],
  ]);
  for (const [kind, payload] of made) {
    const secret = next();
    yield {
      kind: `structure: ${kind}`,
      place: kind,
      secret: fixed.get(kind) ?? secret,
      payload: payload(secret),
    };
  }
}
