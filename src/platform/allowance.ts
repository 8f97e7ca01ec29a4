/** At most `count` in each window; windows begin at whole multiples of their length since 1970. */
export type CountLimit = {
  /** What is counted together, everywhere. */
  key: string;
  count: number;
  windowSeconds: number;
  /**
   * Share of the limit that each isolate may spend before anybody else hears of it: for limits against floods, which
   * need not be exact and should cost nothing while there is none.
   */
  freeShare?: number;
};

/** What one isolate knows of one limit in one window. */
export type Tally = {
  limit: CountLimit;
  window: number;
  /** What all isolates have reported to Redis, as of its last answer; undefined before the first one. */
  total: number | undefined;
  answeredAt: number;
  /** Spent here and not reported yet; below zero when something that was counted is refused after all. */
  unreported: number;
  /** Reported in calls that are under way. */
  underWay: number;
  /** What was spent lately by this isolate and by all of them, between one answer and the next; the past fades. */
  own: number;
  all: number;
  answers: number;
  /** Whether Redis knows when to forget the count. */
  expires: boolean;
};

export type Verdict = "pass" | "refuse" | "ask";

/** Nobody can spend more than that unseen, all isolates together: in proportion to what each of them spends. */
const unseenShare = 0.02;
/** While much is left, a part of it may be spent unseen as well. */
const unseenShareOfRest = 0.25;
/** Whatever is known: with a few hundred isolates at work this is one or two percent. */
const floorShare = 0.0001;
/** An isolate's share of the traffic is guessed from no fewer answers, and not from older ones. */
const answersMin = 3;
const staleMs = 10_000;
const fading = 0.75;
/** No more than so many times what was spent lately: a sudden flood asks first. */
const growthMax = 4;

export const windowOf = ({ windowSeconds }: CountLimit, nowMs: number) =>
  Math.floor(nowMs / (windowSeconds * 1000));

/** Whole seconds until the window ends, at least one. */
export const secondsLeft = ({ windowSeconds }: CountLimit, nowMs: number) =>
  Math.max(1, Math.ceil(windowSeconds - ((nowMs / 1000) % windowSeconds)));

/** A window begins with nothing spent: whoever was counting a moment ago knows that without asking. */
export function openTally(limit: CountLimit, nowMs: number, before: Tally | undefined): Tally {
  const window = windowOf(limit, nowMs);
  const goesOn = before?.window === window - 1 && nowMs - before.answeredAt < staleMs;
  return {
    limit,
    window,
    unreported: 0,
    underWay: 0,
    expires: false,
    ...(goesOn
      ? { total: 0, answeredAt: before.answeredAt, own: before.own, all: before.all }
      : { total: undefined, answeredAt: 0, own: 0, all: 0 }),
    answers: goesOn ? before.answers : 0,
  };
}

/** What can be said of spending a quantity without asking anybody. */
export function judge(tally: Tally, quantity: number, nowMs: number): Verdict {
  const { limit, total, unreported, underWay } = tally;
  const unconfirmed = unreported + underWay;
  // What is only under way here may have been counted already, so it does not count against anybody.
  if ((total ?? 0) + Math.min(0, unconfirmed) + quantity > limit.count) return "refuse";
  if ((total ?? 0) + unconfirmed + quantity > limit.count) return "ask";
  return unconfirmed + quantity <= unseenMax(tally, nowMs) ? "pass" : "ask";
}

/** Whether Redis should be asked now, so that there is something left to spend when it has answered. */
export const isRunningOut = (tally: Tally, nowMs: number) =>
  2 * (tally.unreported + tally.underWay) >= unseenMax(tally, nowMs);

/** Whether a refusal rests on an answer that is too old. */
export const isStale = ({ answeredAt }: Tally, nowMs: number) => nowMs - answeredAt > staleMs;

function unseenMax(tally: Tally, nowMs: number): number {
  const { limit, total, own, all, answers } = tally;
  const free = Math.floor(limit.count * Math.max(floorShare, limit.freeShare ?? 0));
  if (total === undefined || answers < answersMin || isStale(tally, nowMs)) return free;
  const rest = Math.max(0, limit.count - total);
  const share = Math.min(1, own / Math.max(1, all));
  const shared = share * (limit.count * unseenShare + rest * unseenShareOfRest);
  return Math.max(free, Math.floor(Math.min(shared, own * growthMax)));
}

/** Takes what is to be reported now. */
export function takeUnreported(tally: Tally): number {
  const reported = tally.unreported;
  tally.unreported = 0;
  tally.underWay += reported;
  return reported;
}

/** Redis answered with the total, which includes what was reported. */
export function recordTotal(tally: Tally, reported: number, total: number, nowMs: number): void {
  if (tally.total !== undefined) {
    tally.own = tally.own * fading + Math.max(0, reported);
    tally.all = tally.all * fading + Math.max(reported, total - tally.total, 0);
    tally.answers++;
  }
  tally.underWay -= reported;
  tally.total = total;
  tally.answeredAt = nowMs;
}

/** Nobody answered. What was reported may have been counted or not; to report it again could count it twice. */
export function recordSilence(tally: Tally, reported: number): void {
  tally.underWay -= reported;
  tally.total = (tally.total ?? 0) + reported;
}

/** Nothing was sent at all. */
export function takeBack(tally: Tally, reported: number): void {
  tally.underWay -= reported;
  tally.unreported += reported;
}
