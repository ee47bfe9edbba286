import { type DurationMs, type EpochMs, type Interval, secondMs } from './time.ts'

/**
 * Log time has to be a function of the log alone, and no clock in it can be trusted alone. Each frame brings three witnesses: the append time, the
 * sender's wall clock, and continuity, which is where the sender's monotonic clock leads from its frame before. The middle one of them is followed, so
 * that one wrong witness moves nothing. Where both clocks speak against continuity, log time goes on by the monotonic clock until they have done so for
 * `jumpStandsMs`; a jump that is taken back before that never happened.
 *
 * 1. Log time never goes back.
 * 2. While two of a frame's witnesses are right, log time is at most `clockToleranceMs` from the right time.
 * 3. The same records give the same state, however they are cut into batches.
 */
export type LogClock = {
  /** The running maximum of what was judged: log time. */
  readonly nowMs: EpochMs
  /**
   * By name, of the monotonic clocks that frames brought: at most `clocksMax`, those heard last. A name may stand for several clocks (copies of a virtual
   * machine, one put back to a snapshot): at most `linesMax`, the one heard last first.
   */
  readonly clocks: Readonly<Record<string, readonly HeardClock[]>>
  /** The records without clocks since the last frame with clocks. */
  readonly unclocked: UnclockedRun | null
  /** What log time last leapt over, because a jump was followed. */
  readonly skipped: Interval | null
  /** What is wrong with the clocks, as far as it is to be told; it stays the same for as long as it stands. */
  readonly problem: ClockProblem | null
}

/** A monotonic clock as of its last frame. */
export type HeardClock = {
  readonly monotonicMs: number
  /** The time that was judged of that frame. */
  readonly judgedMs: EpochMs
  /** Log time at which it was last heard. */
  readonly heardMs: EpochMs
  /** What its frames say against each other, and since when by its own time. */
  readonly doubt: (Doubt & { readonly sinceMonotonicMs: number }) | null
}

/** Records without clocks, one soon after the other by their append times. `judgedMs`: the last of those times that log time followed. */
type UnclockedRun = {
  readonly sinceMs: EpochMs
  readonly lastMs: EpochMs
  readonly judgedMs: EpochMs | null
}

/**
 * `jump`: both clocks have jumped against the monotonic one. `silence`: the same of a monotonic clock that was never heard before, as after a restart of
 * the machine: nobody measured the time between. `append`, `sender`: one of the clocks is off, and is not followed.
 */
type Doubt = { readonly kind: 'jump' | 'silence' | 'append' | 'sender'; readonly byMs: DurationMs }

/**
 * `ahead`: log time stands until the clocks have caught up, because a clock that was followed was put back. Others: see `Doubt`. `byMs`: how far, when it
 * began; negative: back. `sinceMs`: when, in log time.
 */
export type ClockProblem = {
  readonly kind: (typeof clockProblems)[number]
  readonly byMs: DurationMs
  readonly sinceMs: EpochMs
}
/** The gravest first. */
export const clockProblems = ['ahead', 'jump', 'silence', 'append', 'sender'] as const

/** Log time does not go with the clocks: what is shown may be of another time than it says. A clock that is off and is not followed does no harm. */
export const isAstray = ({ kind }: ClockProblem): boolean =>
  kind === 'ahead' || kind === 'jump' || kind === 'silence'

/** What a record says of when it was appended. `sender`: absent where its frame says nothing of clocks. */
export type Stamp = {
  readonly appendedAtMs: EpochMs
  readonly sender?: {
    readonly name: string
    readonly wallMs: EpochMs
    readonly monotonicMs: number
  }
}

/** Clocks that agree to within this are taken to be the same: delays, drift, small corrections. */
export const clockToleranceMs = 5 * secondMs
/** How long a jump has to stand, by the monotonic clock, before log time follows it; and a clock to be off before it is told of. */
export const jumpStandsMs = 30 * secondMs
/** A frame that no clock vouches for may come so much after a later one of its clock, sent again. Further back the clock is another one. */
const reorderMaxMs = 60 * secondMs
/** A clock that was not heard for so long has nothing to say of what is wrong now. */
const heardWithinMs = 15 * secondMs
const clocksMax = 32
const linesMax = 4

export function newLogClock(nowMs: EpochMs): LogClock {
  return { nowMs, clocks: {}, unclocked: null, skipped: null, problem: null }
}

/** What time it is by the clocks: log time, unless that is ahead of them. */
export function clockTime({ nowMs, clocks, unclocked }: LogClock): EpochMs {
  if (unclocked !== null && unclocked.judgedMs !== null) return unclocked.judgedMs
  const judged = Object.values(clocks).flatMap((lines) =>
    lines.map(({ judgedMs }) => judgedMs as number),
  )
  return (judged.length === 0 ? nowMs : Math.max(...judged)) as EpochMs
}

/**
 * The latest time that anything makes plausible of a record, whether or not log time follows: an event beyond it is from the future. A clock that is wrong
 * must refuse nothing that is right. `after`: the clock once the record is judged.
 */
export function latestPlausible({ appendedAtMs, sender }: Stamp, after: LogClock): EpochMs {
  return Math.max(appendedAtMs, sender?.wallMs ?? 0, clockTime(after)) as EpochMs
}

/** Time passes up to `atMs`, which no record brought. */
export function passTime(clock: LogClock, atMs: EpochMs): LogClock {
  return atMs <= clock.nowMs ? clock : { ...clock, nowMs: atMs }
}

/** The next record. */
export function judge(before: LogClock, { appendedAtMs, sender }: Stamp): LogClock {
  if (sender === undefined) return judgeUnclocked(before, appendedAtMs)
  const line = lineOf(before, appendedAtMs, sender)
  const verdict = verdictOf(before, line, appendedAtMs, sender)
  const { judgedMs, doubt } = verdict
  const nowMs = Math.max(before.nowMs, judgedMs) as EpochMs
  if (line !== undefined && isSentAgain(line, appendedAtMs, sender))
    return passTime(before, judgedMs)
  const heard: HeardClock = { monotonicMs: sender.monotonicMs, judgedMs, heardMs: nowMs, doubt }
  // A clock that was put back was wrong, and so is what others were judged to be by it.
  const others =
    verdict.followed === 'back' ? withoutThoseAfter(before.clocks, judgedMs) : before.clocks
  const lines = [heard, ...linesOf(others, sender.name).filter((other) => other !== line)].slice(
    0,
    linesMax,
  )
  const skipped =
    verdict.followed === 'ahead'
      ? { startMs: verdict.continuityMs, endMs: judgedMs }
      : before.skipped
  const after = {
    nowMs,
    clocks: bounded({ ...others, [sender.name]: lines }),
    unclocked: null,
    skipped,
    problem: before.problem,
  }
  return { ...after, problem: problemOf(after) }
}

/**
 * A record without clocks. Beside frames with clocks (an older sender) it moves nothing; once there have been only such records for `jumpStandsMs` (ingest
 * was put back to an older version) nothing better is to come, and append times are followed. One that jumps has to stand for as long again.
 */
function judgeUnclocked(before: LogClock, appendedAtMs: EpochMs): LogClock {
  if (Object.keys(before.clocks).length === 0) return passTime(before, appendedAtMs)
  const run = before.unclocked
  const sinceMs = run !== null && isNear(run.lastMs, appendedAtMs) ? run.sinceMs : appendedAtMs
  const stoodMs = appendedAtMs - sinceMs
  const beforeMs = clockTime(before)
  if (stoodMs < jumpStandsMs) {
    const isTold = stoodMs >= heardWithinMs
    const problem = isTold
      ? problemAs(before, { kind: 'silence', byMs: appendedAtMs - beforeMs })
      : before.problem
    return {
      ...before,
      unclocked: { sinceMs, lastMs: appendedAtMs, judgedMs: run?.judgedMs ?? null },
      problem,
    }
  }
  const skipped =
    appendedAtMs - beforeMs > clockToleranceMs
      ? { startMs: beforeMs, endMs: appendedAtMs }
      : before.skipped
  const unclocked = { sinceMs, lastMs: appendedAtMs, judgedMs: appendedAtMs }
  const after = { ...passTime(before, appendedAtMs), unclocked, skipped }
  return { ...after, problem: problemOf(after) }
}

type Sender = NonNullable<Stamp['sender']>

type Verdict = Pick<HeardClock, 'judgedMs' | 'doubt'> & {
  readonly continuityMs: EpochMs
  /** A jump that has stood long enough. */
  readonly followed: 'ahead' | 'back' | null
}

function verdictOf(
  before: LogClock,
  known: HeardClock | undefined,
  appendedAtMs: EpochMs,
  sender: Sender,
): Verdict {
  const { wallMs, monotonicMs } = sender
  const doubted = known?.doubt ?? null
  const isFirst = before.nowMs === 0 && Object.keys(before.clocks).length === 0
  const continuityMs = isFirst
    ? (Math.min(appendedAtMs, wallMs) as EpochMs)
    : continuityOf(before, known, monotonicMs)
  const witnessMs = middleOf(appendedAtMs, wallMs, continuityMs)
  const byMs = witnessMs - continuityMs
  if (isNear(witnessMs, continuityMs) || isTimeOfOthers(before, known, witnessMs)) {
    const doubt = disputed(appendedAtMs, wallMs, witnessMs)
    return {
      judgedMs: witnessMs,
      doubt: doubt && standing(doubt, doubted, monotonicMs),
      continuityMs,
      followed: null,
    }
  }
  const isSilence = known === undefined || doubted?.kind === 'silence'
  const doubt = standing({ kind: isSilence ? 'silence' : 'jump', byMs }, doubted, monotonicMs)
  if (monotonicMs - doubt.sinceMonotonicMs < jumpStandsMs)
    return { judgedMs: continuityMs, doubt, continuityMs, followed: null }
  return { judgedMs: witnessMs, doubt: null, continuityMs, followed: byMs > 0 ? 'ahead' : 'back' }
}

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= clockToleranceMs

function middleOf(a: EpochMs, b: EpochMs, c: EpochMs): EpochMs {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c)) as EpochMs
}

const linesOf = (clocks: LogClock['clocks'], name: string): readonly HeardClock[] =>
  Object.hasOwn(clocks, name) ? clocks[name]! : []

/**
 * The clock that a frame goes on with, of those with its name: one that leads to where the frame's own clocks are, or else, where they have jumped, to
 * where the log is. None: it was never heard.
 */
function lineOf(before: LogClock, appendedAtMs: EpochMs, sender: Sender): HeardClock | undefined {
  const lines = linesOf(before.clocks, sender.name)
  const vouchedFor = lines.filter((line) => {
    const atMs = leadsTo(line, sender.monotonicMs)
    return isNear(atMs, sender.wallMs) || isNear(atMs, appendedAtMs)
  })
  const offMs = (line: HeardClock): number =>
    Math.abs(leadsTo(line, sender.monotonicMs) - clockTime(before))
  const [line] = (vouchedFor.length > 0 ? vouchedFor : lines).toSorted(
    (a, b) => offMs(a) - offMs(b),
  )
  if (line === undefined || vouchedFor.length > 0) return line
  return isAnother(before, line, appendedAtMs, sender) ? undefined : line
}

/**
 * No clock goes with `line`: is the frame of another machine with that name? It is where the monotonic one is too far back, or where it has gone back or
 * leapt ahead while both clocks just went on. A jump has both clocks leave it.
 */
function isAnother(
  before: LogClock,
  line: HeardClock,
  appendedAtMs: EpochMs,
  { wallMs, monotonicMs }: Sender,
): boolean {
  const continuityMs = leadsTo(line, monotonicMs)
  const witnessMs = middleOf(appendedAtMs, wallMs, continuityMs)
  const elapsedMs = monotonicMs - line.monotonicMs
  if (elapsedMs < 0) return elapsedMs < -reorderMaxMs || isNear(witnessMs, clockTime(before))
  const isBehind = continuityMs - witnessMs > clockToleranceMs
  // Within so short a time both clocks may as well have been put back.
  return isBehind && elapsedMs > clockToleranceMs && witnessMs >= line.judgedMs - clockToleranceMs
}

/** The clock of a frame has gone on since, unless both others agree that the frame is a later one: then it is another machine's, close by. */
function isSentAgain(
  line: HeardClock,
  appendedAtMs: EpochMs,
  { wallMs, monotonicMs }: Sender,
): boolean {
  const isLater = isNear(appendedAtMs, wallMs) && Math.min(appendedAtMs, wallMs) > line.judgedMs
  return monotonicMs < line.monotonicMs && !isLater
}

const leadsTo = (line: HeardClock, monotonicMs: number): EpochMs =>
  (line.judgedMs + monotonicMs - line.monotonicMs) as EpochMs

/** Where the monotonic clock leads; of one not heard before: where the others are. */
function continuityOf(
  before: LogClock,
  known: HeardClock | undefined,
  monotonicMs: number,
): EpochMs {
  return known === undefined ? clockTime(before) : leadsTo(known, monotonicMs)
}

/** Another sender has brought log time here: this one's machine slept, or was put right. */
function isTimeOfOthers(
  { clocks }: LogClock,
  known: HeardClock | undefined,
  atMs: EpochMs,
): boolean {
  const others = Object.values(clocks).flatMap((lines) =>
    lines.flatMap((line) => (line === known ? [] : [line.judgedMs as number])),
  )
  return others.length > 0 && isNear(Math.max(...others), atMs)
}

function disputed(appendedAtMs: EpochMs, wallMs: EpochMs, judgedMs: EpochMs): Doubt | null {
  if (isNear(appendedAtMs, wallMs)) return null
  const [appendMs, senderMs] = [appendedAtMs - judgedMs, wallMs - judgedMs]
  return Math.abs(appendMs) > Math.abs(senderMs)
    ? { kind: 'append', byMs: appendMs }
    : { kind: 'sender', byMs: senderMs }
}

/** The doubt as it was, if it is still the same one; else it begins now. */
function standing(
  doubt: Doubt,
  before: HeardClock['doubt'],
  monotonicMs: number,
): NonNullable<HeardClock['doubt']> {
  const isSame = before !== null && before.kind === doubt.kind && isNear(before.byMs, doubt.byMs)
  return isSame ? before : { ...doubt, sinceMonotonicMs: monotonicMs }
}

function withoutThoseAfter(clocks: LogClock['clocks'], judgedMs: EpochMs): LogClock['clocks'] {
  const all = Object.entries(clocks).map(
    ([name, lines]) =>
      [name, lines.filter((line) => line.judgedMs <= judgedMs + clockToleranceMs)] as const,
  )
  return Object.fromEntries(all.filter(([, lines]) => lines.length > 0))
}

function bounded(clocks: LogClock['clocks']): LogClock['clocks'] {
  const all = Object.entries(clocks)
  if (all.length <= clocksMax) return clocks
  return Object.fromEntries(
    all.toSorted(([, a], [, b]) => (b[0]?.heardMs ?? 0) - (a[0]?.heardMs ?? 0)).slice(0, clocksMax),
  )
}

function problemOf(clock: LogClock): ClockProblem | null {
  const { nowMs, problem: before } = clock
  const lines = Object.values(clock.clocks).flat()
  const atMs = clockTime(clock)
  if (nowMs - atMs > clockToleranceMs)
    return before?.kind === 'ahead' ? before : { kind: 'ahead', byMs: nowMs - atMs, sinceMs: atMs }
  const told = lines.flatMap(({ doubt, heardMs, monotonicMs }) => {
    if (doubt === null || heardMs < nowMs - heardWithinMs) return []
    const isToldAtOnce = doubt.kind === 'jump' || doubt.kind === 'silence'
    return isToldAtOnce || monotonicMs - doubt.sinceMonotonicMs >= jumpStandsMs ? [doubt] : []
  })
  const gravest = told.toSorted(
    (a, b) =>
      clockProblems.indexOf(a.kind) - clockProblems.indexOf(b.kind) ||
      Math.abs(b.byMs) - Math.abs(a.byMs),
  )[0]
  return gravest === undefined ? null : problemAs(clock, gravest)
}

/** The problem as it was told, if it is still the same one; else it begins now. */
function problemAs({ nowMs, problem: before }: LogClock, { kind, byMs }: Doubt): ClockProblem {
  return before?.kind === kind && isNear(before.byMs, byMs)
    ? before
    : { kind, byMs, sinceMs: nowMs }
}
