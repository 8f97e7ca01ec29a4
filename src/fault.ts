const statusOf = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method: 405,
  conflict: 409,
  gone: 410,
  too_large: 413,
  unsupported: 415,
  unprocessable: 422,
  limited: 429,
  unavailable: 503,
} as const;

/** Which part of a text that a client wrote an outcome is about: a place in it, and how long that part is. */
export type Part = { position: number; length: number };

/** An outcome we expected and can explain. Anything else that is thrown is a bug. */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly part: Part | undefined;
  /** A word for programs, where they are to do something about it. */
  readonly code: string | undefined;
  /** The field of the body that it is about. */
  readonly field: string | undefined;

  constructor(
    readonly kind: keyof typeof statusOf,
    detail: string,
    options?: ErrorOptions & { part?: Part; code?: string; field?: string },
  ) {
    super(detail, options);
    this.part = options?.part;
    this.code = options?.code;
    this.field = options?.field;
  }

  get status() {
    return statusOf[this.kind];
  }

  /** Only the outside world being down is worth trying again. */
  get worthRetrying(): boolean {
    return this.kind === "unavailable" || this.kind === "limited";
  }
}

/** Nothing is there, or nothing that this caller may see: both are answered with the same words. */
export const notFound = () => new Fault("not_found", "Not Found");
