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
  /** What all isolates have told Redis so far, as it said last; undefined before it said anything. */
  total: number | undefined;
  heardAt: number;
  /** Spent here and not told yet; below zero what was counted for something that was refused after all. */
  untold: number;
  /** Told in calls that are under way. */
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
  const goesOn = before?.window === window - 1 && nowMs - before.heardAt < staleMs;
  return {
    limit,
    window,
    untold: 0,
    underWay: 0,
    expires: false,
    ...(goesOn
      ? { total: 0, heardAt: before.heardAt, own: before.own, all: before.all }
      : { total: undefined, heardAt: 0, own: 0, all: 0 }),
    answers: goesOn ? before.answers : 0,
  };
}

/** What can be said of spending a quantity without asking anybody. */
export function judge(tally: Tally, quantity: number, nowMs: number): Verdict {
  const { limit, total, untold, underWay } = tally;
  const unheard = untold + underWay;
  // What is only under way here may have been heard already, so it does not count against anybody.
  if ((total ?? 0) + Math.min(0, unheard) + quantity > limit.count) return "refuse";
  if ((total ?? 0) + unheard + quantity > limit.count) return "ask";
  return unheard + quantity <= unseenMax(tally, nowMs) ? "pass" : "ask";
}

/** Whether others should hear now, so that there is something left to spend when they have. */
export const isRunningOut = (tally: Tally, nowMs: number) =>
  2 * (tally.untold + tally.underWay) >= unseenMax(tally, nowMs);

/** Whether a refusal rests on something that was heard too long ago. */
export const isStale = ({ heardAt }: Tally, nowMs: number) => nowMs - heardAt > staleMs;

function unseenMax(tally: Tally, nowMs: number): number {
  const { limit, total, own, all, answers } = tally;
  const free = Math.floor(limit.count * Math.max(floorShare, limit.freeShare ?? 0));
  if (total === undefined || answers < answersMin || isStale(tally, nowMs)) return free;
  const rest = Math.max(0, limit.count - total);
  const share = Math.min(1, own / Math.max(1, all));
  const shared = share * (limit.count * unseenShare + rest * unseenShareOfRest);
  return Math.max(free, Math.floor(Math.min(shared, own * growthMax)));
}

/** Takes what is to be told now. */
export function takeUntold(tally: Tally): number {
  const told = tally.untold;
  tally.untold = 0;
  tally.underWay += told;
  return told;
}

/** Redis answered: the total, with what was told. */
export function hear(tally: Tally, told: number, total: number, nowMs: number): void {
  if (tally.total !== undefined) {
    tally.own = tally.own * fading + Math.max(0, told);
    tally.all = tally.all * fading + Math.max(told, total - tally.total, 0);
    tally.answers++;
  }
  tally.underWay -= told;
  tally.total = total;
  tally.heardAt = nowMs;
}

/** Nobody answered. What was told may have been counted or not; to tell it again could count it twice. */
export function hearNothing(tally: Tally, told: number): void {
  tally.underWay -= told;
  tally.total = (tally.total ?? 0) + told;
}

/** Nothing was sent at all. */
export function untell(tally: Tally, told: number): void {
  tally.underWay -= told;
  tally.untold += told;
}
