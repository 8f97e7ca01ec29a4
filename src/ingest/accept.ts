import type { AcceptedEnvelope } from "../../queues/catalog";
import type { Deps } from "../deps";
import { Fault } from "../fault";
import { reasonOf } from "../platform/logger";
import { compress, isZstd } from "../protocol/compress";
import { minuteMs } from "../protocol/durations";

/** A queue message holds 128 KB; the rest is room for the description. */
const rideBytesMax = 100 * 1024;
/** One queue operation is billed per 64 KB: past that, compressing costs less than sending. */
const compressAboveBytes = 60 * 1024;
/** A disk that is full refuses hundreds of events a second: they share one line of the log. */
const lineMsMin = minuteMs;

/**
 * Makes a request durable: when this returns, the queue has it (or the bucket has it and the queue a pointer).
 * Faults: unavailable.
 */
export async function accept(deps: Deps, meta: AcceptedEnvelope, body: Uint8Array): Promise<void> {
  const isPlain = !meta.encoding && body[0] !== 0x1f && !isZstd(body);
  const compressed = isPlain && body.length > compressAboveBytes ? compress(body) : undefined;
  const bytes = compressed?.bytes ?? body;
  const described = compressed ? { ...meta, encoding: compressed.encoding } : meta;
  try {
    await store(deps, described, bytes);
  } catch (error) {
    noteRefusal(deps, error);
    throw new Fault("unavailable", "The event could not be stored right now.", { cause: error });
  }
  noteSuccess(deps);
}

async function store(deps: Deps, meta: AcceptedEnvelope, bytes: Uint8Array): Promise<void> {
  if (bytes.length <= rideBytesMax) {
    await deps.publish("envelopes", [{ meta, body: bytes }]);
    return;
  }
  const day = new Date(meta.receivedAt).toISOString().slice(0, 10);
  const blob = `inbox/${day}/${meta.id}`;
  await deps.blobs.put(blob, bytes);
  await deps.publish("envelopes", [{ meta: { ...meta, blob }, body: new Uint8Array() }]);
}

/** Refusals that are in no line of the log yet; forgotten a minute after the last line, when events are taken again. */
type Unlogged = { refused: number; lineAtMs: number; reason: string };
const unlogged = new WeakMap<Deps, Unlogged>();

function noteRefusal(deps: Deps, error: unknown): void {
  const known = unlogged.get(deps) ?? {
    refused: 0,
    lineAtMs: Number.NEGATIVE_INFINITY,
    reason: "",
  };
  unlogged.set(deps, known);
  known.refused++;
  known.reason = reasonOf(error);
  logInTime(deps, known);
}

function noteSuccess(deps: Deps): void {
  const known = unlogged.get(deps);
  if (known && logInTime(deps, known)) unlogged.delete(deps);
}

/** Whether the last line was long enough ago. */
function logInTime(deps: Deps, known: Unlogged): boolean {
  const nowMs = +deps.now();
  if (nowMs - known.lineAtMs < lineMsMin) return false;
  const { refused, reason } = known;
  if (refused > 0) {
    deps.log("error", "envelopes could not be made durable and were refused", { refused, reason });
  }
  known.refused = 0;
  known.lineAtMs = nowMs;
  return true;
}
