import { isObject } from "../../protocol/json";

/** Why a call did not succeed; `status` 0 means that nothing answered. */
export class ApiFault extends Error {
  override readonly name = "ApiFault";
  readonly status: number;
  readonly detail: string;
  readonly requestId: string | undefined;
  /** What is wrong with which field of a form. */
  readonly fields: ReadonlyMap<string, string>;
  /** Seconds to wait, where the server says so. */
  readonly retryAfter: number | undefined;
  /** A word for programs, where the answer has one. */
  readonly code: string | undefined;

  constructor(given: {
    status: number;
    detail: string;
    requestId?: string | undefined;
    fields?: ReadonlyMap<string, string>;
    retryAfter?: number | undefined;
    code?: string | undefined;
  }) {
    super(given.detail);
    this.status = given.status;
    this.detail = given.detail;
    this.requestId = given.requestId;
    this.fields = given.fields ?? new Map();
    this.retryAfter = given.retryAfter;
    this.code = given.code;
  }
}

const generalDetail = "The server answered with an error.";

/** Reads the shapes in which the API and the sign-in doors refuse. */
export function faultOf(response: Pick<Response, "status" | "headers">, body: unknown): ApiFault {
  const known = new Map(Object.entries(isObject(body) ? body : {}));
  const fields = new Map<string, string>();
  const detail = known.get("detail");
  if (Array.isArray(detail)) {
    for (const one of detail as unknown[]) {
      if (!isObject(one)) continue;
      const { loc, msg } = one as { loc?: unknown; msg?: unknown };
      const name = Array.isArray(loc) ? loc.at(-1) : undefined;
      if (typeof msg === "string" && typeof name === "string" && !fields.has(name)) {
        fields.set(name, msg);
      }
    }
  }
  // django-allauth's shape: what is wrong stands in a list.
  const errors = known.get("errors");
  for (const one of Array.isArray(errors) ? (errors as unknown[]) : []) {
    if (!isObject(one)) continue;
    const { message: text, code: word, param } = one as Record<string, unknown>;
    if (!known.has("message") && typeof text === "string") known.set("message", text);
    if (!known.has("code") && typeof word === "string") known.set("code", word);
    if (typeof text === "string" && typeof param === "string" && !fields.has(param))
      fields.set(param, text);
  }
  const message = [detail, known.get("message")].find((text) => typeof text === "string");
  const wait = Number(response.headers.get("retry-after"));
  const code = known.get("code");
  return new ApiFault({
    status: response.status,
    detail:
      message ??
      ([...fields].map(([name, text]) => `${name}: ${text}`).join("; ") || generalDetail),
    requestId: response.headers.get("x-request-id") ?? undefined,
    fields,
    retryAfter: Number.isFinite(wait) && wait > 0 ? wait : undefined,
    code: typeof code === "string" ? code : undefined,
  });
}

/** The same, at a field of a form: for doors that name a reason but no field. */
export const atField = (fault: ApiFault, name: string): ApiFault =>
  new ApiFault({
    status: fault.status,
    detail: fault.detail,
    requestId: fault.requestId,
    retryAfter: fault.retryAfter,
    code: fault.code,
    fields: new Map([[name, fault.detail]]),
  });
