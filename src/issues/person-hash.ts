import { createHash } from "node:crypto";

/** Who was affected, as `issue_users` holds it: 64 bits of a hash of the project and what makes a person distinct. */
export const personHash = (projectId: number, identity: string): bigint =>
  createHash("sha256").update(`${projectId}:${identity}`).digest().readBigInt64BE();
