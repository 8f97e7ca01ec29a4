import { expect, test } from "vitest";
import { newBudget } from "../../src/events/budget";
import { fieldRulesOf } from "../../src/events/field-rules";
import { normalizeEvent } from "../../src/events/normalize";
import { scrubEvent } from "../../src/events/scrub";
import { faultOfSafeField, faultOfSensitiveField } from "../../src/protocol/field-selector";
import type { JsonObject } from "../../src/protocol/json";

const gone = "[Filtered]";

function scrubbed(
  payload: JsonObject,
  settings: { sensitive?: string[]; safe?: string[]; defaults?: boolean },
) {
  const { event, report } = normalizeEvent(
    payload,
    { eventId: "a".repeat(32), receivedAt: 1_795_500_000, connection: {} },
    newBudget(),
  );
  const own = fieldRulesOf({
    sensitiveFields: settings.sensitive ?? [],
    safeFields: settings.safe ?? [],
  });
  scrubEvent(event, report, {
    defaults: settings.defaults ?? true,
    keepIp: true,
    ...(own && { own }),
  });
  return { event, report };
}

const extra = (
  given: JsonObject,
  settings: Parameters<typeof scrubbed>[1],
): Record<string, unknown> => ({ ...scrubbed({ extra: given }, settings).event.extra });

test.each<[name: string, hits: string[], misses: string[]]>([
  [
    "tenant_no",
    ["tenant_no", "tenantNo", "X-Tenant-No", "my.tenant no"],
    ["tenant", "tenant_note"],
  ],
  ["plate", ["plate", "license_plate", "plateNumber", "plate2"], ["template", "plates"]],
  ["E-Mail", ["e_mail", "userEMail"], ["email", "mail"]],
])("%s is sensitive word by word, whatever way a name is written", (sensitive, hits, misses) => {
  const given = Object.fromEntries([...hits, ...misses].map((name) => [name, "x1"]));
  expect(extra(given, { sensitive: [sensitive] })).toEqual(
    Object.fromEntries([
      ...hits.map((name) => [name, gone]),
      ...misses.map((name) => [name, "x1"]),
    ]),
  );
});

test("a sensitive name is looked for in all places that people fill, and in texts behind a sign", () => {
  const { event } = scrubbed(
    {
      message: 'no tenant tenant_no=4711, tenant_no: \'a b\' or "tenant_no": "c d" tenant_note=5',
      tags: { tenant_no: "1" },
      user: { id: "7", tenant_no: "2" },
      request: { headers: { "Tenant-No": "3" }, data: { deep: [{ tenant_no: 4 }] } },
      contexts: { shop: { tenant_no: "5" } },
      breadcrumbs: { values: [{ message: "x", data: { tenant_no: "6" } }] },
      exception: {
        values: [
          {
            type: "E",
            value: "tenantNo=9",
            stacktrace: { frames: [{ function: "tenant_no", vars: { tenant_no: "8" } }] },
          },
        ],
      },
    },
    { sensitive: ["tenant_no"] },
  );
  expect(event.logentry?.formatted).toBe(
    `no tenant tenant_no=${gone}, tenant_no: '${gone}' or "tenant_no": "${gone}" tenant_note=5`,
  );
  expect(event.tags).toContainEqual(["tenant_no", gone]);
  expect(event.user).toMatchObject({ id: "7" });
  expect(event.exception?.values[0]?.stacktrace?.frames[0]).toMatchObject({
    function: "tenant_no",
    vars: { tenant_no: gone },
  });
  const json = JSON.stringify(event);
  for (const digit of ["2", "3", "5", "6", "8"]) expect(json).not.toContain(`"${digit}"`);
  expect(json).not.toContain("tenantNo=9");
  expect(json).not.toContain('"tenant_no":4');
});

test("safe fields stay, by name anywhere or by their way, with all that is below", () => {
  const given = { token: "abc", cart: { token: "def", deep: { password: "x1" } }, password: "y2" };
  expect(extra(given, { safe: ["token"] })).toEqual({
    token: "abc",
    cart: { token: "def", deep: { password: gone } },
    password: gone,
  });
  expect(extra(given, { safe: ["extra.cart.**"] })).toEqual({
    token: gone,
    cart: { token: "def", deep: { password: "x1" } },
    password: gone,
  });
  expect(extra(given, { safe: ["extra.*.token"] })).toEqual({
    token: gone,
    cart: { token: "def", deep: { password: gone } },
    password: gone,
  });
  expect(extra({ "a.b": { token: "x" }, token: "y" }, { safe: ["extra.'a.b'.token"] })).toEqual({
    "a.b": { token: "x" },
    token: gone,
  });
});

test("a safe name is not sensitive; what lies beside it is", () => {
  expect(
    extra(
      { tenant_no: "1x", tenant_no_old: "2x" },
      { sensitive: ["tenant_no"], safe: ["tenant_no"] },
    ),
  ).toEqual({ tenant_no: "1x", tenant_no_old: gone });
});

test("without the defaults, a project's own fields are all that is replaced", () => {
  const given = { password: "kept", tenant_no: "x1", card: 4_111_111_111_111_111 };
  expect(extra(given, { sensitive: ["tenant_no"], defaults: false })).toEqual({
    ...given,
    tenant_no: gone,
  });
});

test("what was replaced is noted", () => {
  const { report } = scrubbed({ extra: { note: "tenant_no=5" } }, { sensitive: ["tenant_no"] });
  expect(report.meta.get("extra.note")).toEqual({ rem: [["@project:filter", "s"]] });
});

test.each([
  ["user.id", undefined],
  ["extra.a.**", undefined],
  ["plain name", undefined],
  ["$string", "takes names and ways like user.id, extra.cart.** alone"],
  ["a && b", "takes names and ways like user.id, extra.cart.** alone"],
  ["**.a", "is no way like user.id or extra.cart.**"],
  ["a..b", "is no way like user.id or extra.cart.**"],
  ["'a", "is no way like user.id or extra.cart.**"],
])("safe %j: %s", (text, fault) => {
  expect(faultOfSafeField(text)).toBe(fault);
});

test.each(["", "*", "a", "--", "_1"])("%j is too little to be sensitive", (text) => {
  expect(faultOfSensitiveField(text)).toBe("needs a word of two letters at least");
});
