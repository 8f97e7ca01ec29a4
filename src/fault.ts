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

/** An outcome we expected and can explain. Anything else that is thrown is a bug. */
export class Fault extends Error {
  override readonly name = "Fault";

  constructor(
    readonly kind: keyof typeof statusOf,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(detail, options);
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
