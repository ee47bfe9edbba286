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
  /** By name, of the monotonic clocks that frames brought: at most `clocksMax`, those heard last. */
  readonly clocks: Readonly<Record<string, HeardClock>>
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

/**
 * `jump`: both clocks have jumped against the monotonic one. `silence`: the same of a monotonic clock that was never heard before, as after a restart of
 * the machine: nobody measured the time between. `append`, `sender`: one of the clocks is off, and is not followed.
 */
type Doubt = { readonly kind: 'jump' | 'silence' | 'append' | 'sender'; readonly byMs: DurationMs }

/**
 * `ahead`: log time stands until the clocks have caught up, because a clock that was followed was put back. Others: see `Doubt`. `byMs`: how far, when it
 * began; negative: back. `sinceMs`: when, in log time.
 */
export type ClockProblem = { readonly kind: (typeof clockProblems)[number]; readonly byMs: DurationMs; readonly sinceMs: EpochMs }
/** The gravest first. */
export const clockProblems = ['ahead', 'jump', 'silence', 'append', 'sender'] as const

/** Log time does not go with the clocks: what is shown may be of another time than it says. A clock that is off and is not followed does no harm. */
export const isAstray = ({ kind }: ClockProblem): boolean => kind === 'ahead' || kind === 'jump' || kind === 'silence'

/** What a record says of when it was appended. `sender`: absent where its frame says nothing of clocks. */
export type Stamp = {
  readonly appendedAtMs: EpochMs
  readonly sender?: { readonly name: string; readonly wallMs: EpochMs; readonly monotonicMs: number }
}

/** Clocks that agree to within this are taken to be the same: delays, drift, small corrections. */
export const clockToleranceMs = 5 * secondMs
/** How long a jump has to stand, by the monotonic clock, before log time follows it; and a clock to be off before it is told of. */
export const jumpStandsMs = 30 * secondMs
/** A frame may come so much after a later one of its clock, sent again. Further back the clock is another one: a machine put back to a snapshot. */
const reorderMaxMs = 60 * secondMs
/** A clock that was not heard for so long has nothing to say of what is wrong now. */
const heardWithinMs = 15 * secondMs
const clocksMax = 32

export function newLogClock(nowMs: EpochMs): LogClock {
  return { nowMs, clocks: {}, skipped: null, problem: null }
}

/** What time it is by the clocks: log time, unless that is ahead of them. */
export function clockTime({ nowMs, clocks }: LogClock): EpochMs {
  const judged = Object.values(clocks).map(({ judgedMs }) => judgedMs as number)
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

/** The next record. One without clocks moves log time only where no clocks are known: an older sender beside newer ones. */
export function judge(before: LogClock, stamp: Stamp): LogClock {
  const { appendedAtMs, sender } = stamp
  if (sender === undefined) return Object.keys(before.clocks).length === 0 ? passTime(before, appendedAtMs) : before
  const verdict = verdictOf(before, appendedAtMs, sender)
  const { judgedMs, doubt } = verdict
  const nowMs = Math.max(before.nowMs, judgedMs) as EpochMs
  const known = heardBefore(before, sender)
  if (known !== undefined && sender.monotonicMs < known.monotonicMs) return passTime(before, judgedMs) // Sent again: its clock has gone on.
  const heard: HeardClock = { monotonicMs: sender.monotonicMs, judgedMs, heardMs: nowMs, doubt }
  // A clock that was put back was wrong, and so is what others were judged to be by it.
  const others = verdict.followed === 'back' ? withoutThoseAfter(before.clocks, judgedMs) : before.clocks
  const skipped = verdict.followed === 'ahead' ? { startMs: verdict.continuityMs, endMs: judgedMs } : before.skipped
  const after = { nowMs, clocks: bounded({ ...others, [sender.name]: heard }), skipped, problem: before.problem }
  return { ...after, problem: problemOf(after) }
}

type Verdict = Pick<HeardClock, 'judgedMs' | 'doubt'> & {
  readonly continuityMs: EpochMs
  /** A jump that has stood long enough. */
  readonly followed: 'ahead' | 'back' | null
}

function verdictOf(before: LogClock, appendedAtMs: EpochMs, sender: NonNullable<Stamp['sender']>): Verdict {
  const { wallMs, monotonicMs } = sender
  const known = heardBefore(before, sender)
  const doubted = known?.doubt ?? null
  const isFirst = before.nowMs === 0 && Object.keys(before.clocks).length === 0
  const continuityMs = isFirst ? (Math.min(appendedAtMs, wallMs) as EpochMs) : continuityOf(before, sender)
  const witnessMs = middleOf(appendedAtMs, wallMs, continuityMs)
  const byMs = witnessMs - continuityMs
  if (isNear(witnessMs, continuityMs) || isTimeOfOthers(before, sender.name, witnessMs)) {
    const doubt = disputed(appendedAtMs, wallMs, witnessMs)
    return { judgedMs: witnessMs, doubt: doubt && standing(doubt, doubted, monotonicMs), continuityMs, followed: null }
  }
  const isSilence = known === undefined || doubted?.kind === 'silence'
  const doubt = standing({ kind: isSilence ? 'silence' : 'jump', byMs }, doubted, monotonicMs)
  if (monotonicMs - doubt.sinceMonotonicMs < jumpStandsMs) return { judgedMs: continuityMs, doubt, continuityMs, followed: null }
  return { judgedMs: witnessMs, doubt: null, continuityMs, followed: byMs > 0 ? 'ahead' : 'back' }
}

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= clockToleranceMs

function middleOf(a: EpochMs, b: EpochMs, c: EpochMs): EpochMs {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c)) as EpochMs
}

function heardBefore(
  { clocks }: LogClock,
  { name, monotonicMs }: { readonly name: string; readonly monotonicMs: number },
): HeardClock | undefined {
  const known = Object.hasOwn(clocks, name) ? clocks[name] : undefined
  return known === undefined || monotonicMs < known.monotonicMs - reorderMaxMs ? undefined : known
}

/** Where the monotonic clock leads; of one not heard before: where the others are. */
function continuityOf(before: LogClock, sender: { readonly name: string; readonly monotonicMs: number }): EpochMs {
  const known = heardBefore(before, sender)
  return known === undefined ? clockTime(before) : ((known.judgedMs + sender.monotonicMs - known.monotonicMs) as EpochMs)
}

/** Another sender has brought log time here: this one's machine slept, or was put right. */
function isTimeOfOthers({ clocks }: LogClock, name: string, atMs: EpochMs): boolean {
  const others = Object.entries(clocks).flatMap(([other, { judgedMs }]) => (other === name ? [] : [judgedMs as number]))
  return others.length > 0 && isNear(Math.max(...others), atMs)
}

function disputed(appendedAtMs: EpochMs, wallMs: EpochMs, judgedMs: EpochMs): Doubt | null {
  if (isNear(appendedAtMs, wallMs)) return null
  const [appendMs, senderMs] = [appendedAtMs - judgedMs, wallMs - judgedMs]
  return Math.abs(appendMs) > Math.abs(senderMs) ? { kind: 'append', byMs: appendMs } : { kind: 'sender', byMs: senderMs }
}

/** The doubt as it was, if it is still the same one; else it begins now. */
function standing(doubt: Doubt, before: HeardClock['doubt'], monotonicMs: number): NonNullable<HeardClock['doubt']> {
  const isSame = before !== null && before.kind === doubt.kind && isNear(before.byMs, doubt.byMs)
  return isSame ? before : { ...doubt, sinceMonotonicMs: monotonicMs }
}

function withoutThoseAfter(clocks: LogClock['clocks'], judgedMs: EpochMs): LogClock['clocks'] {
  return Object.fromEntries(Object.entries(clocks).filter(([, clock]) => clock.judgedMs <= judgedMs + clockToleranceMs))
}

function bounded(clocks: LogClock['clocks']): LogClock['clocks'] {
  const all = Object.entries(clocks)
  if (all.length <= clocksMax) return clocks
  return Object.fromEntries(all.toSorted(([, a], [, b]) => b.heardMs - a.heardMs).slice(0, clocksMax))
}

function problemOf(clock: LogClock): ClockProblem | null {
  const { nowMs, problem: before } = clock
  const atMs = clockTime(clock)
  if (nowMs - atMs > clockToleranceMs) return before?.kind === 'ahead' ? before : { kind: 'ahead', byMs: nowMs - atMs, sinceMs: atMs }
  const told = Object.values(clock.clocks).flatMap(({ doubt, heardMs, monotonicMs }) => {
    if (doubt === null || heardMs < nowMs - heardWithinMs) return []
    const isToldAtOnce = doubt.kind === 'jump' || doubt.kind === 'silence'
    return isToldAtOnce || monotonicMs - doubt.sinceMonotonicMs >= jumpStandsMs ? [doubt] : []
  })
  const gravest = told.toSorted(
    (a, b) => clockProblems.indexOf(a.kind) - clockProblems.indexOf(b.kind) || Math.abs(b.byMs) - Math.abs(a.byMs),
  )[0]
  if (gravest === undefined) return null
  const isSame = before?.kind === gravest.kind && isNear(before.byMs, gravest.byMs)
  return isSame ? before : { kind: gravest.kind, byMs: gravest.byMs, sinceMs: nowMs }
}
