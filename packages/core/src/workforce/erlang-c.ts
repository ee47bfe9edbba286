import { type DurationMs, hourMs } from '../time/time.ts'

/**
 * Erlang C: calls come at random at a steady rate, are handled by any of so many agents for a random time, and wait in one queue until one is free; nobody hangs up
 * (A. K. Erlang, 1917). A load of one erlang keeps one agent busy all the time.
 */

/** Beyond it no load is taken for one. */
export const erlangsMax = 1_000_000

/** What comes, and how long it takes. `callsPerHour` and `handleMs` make the load. */
export type Load = { readonly callsPerHour: number; readonly handleMs: DurationMs }

/** `share` of the calls is to be answered within `withinMs`. */
export type Promised = { readonly share: number; readonly withinMs: DurationMs }

/** @throws RangeError where a number of the load is none, is negative, or the load passes `erlangsMax`. */
export function erlangsOf({ callsPerHour, handleMs }: Load): number {
  check('callsPerHour', callsPerHour, callsPerHour >= 0, 'a number not below 0')
  check('handleMs', handleMs, handleMs >= 0, 'a duration not below 0')
  const erlangs = (callsPerHour / hourMs) * handleMs
  check('load', erlangs, erlangs <= erlangsMax, `a load of at most ${erlangsMax} erlangs`)
  return erlangs
}

/**
 * The probability that a call has to wait, in [0, 1]. With no more agents than erlangs the queue grows without end: 1.
 * @throws RangeError where a number is none of its kind.
 */
export function waitingProbability(erlangs: number, agents: number): number {
  checkLoad(erlangs)
  checkAgents(agents)
  let blocked = 1
  for (let count = 1; count <= agents; count += 1) blocked = blockedWith(blocked, erlangs, count)
  return waitingFrom(blocked, erlangs, agents)
}

/** The share of calls that are answered within a time, in [0, 1]; 0 where the queue grows without end. @throws RangeError as the others. */
export function serviceLevel(load: Load, agents: number, withinMs: DurationMs): number {
  check('withinMs', withinMs, withinMs >= 0, 'a duration not below 0')
  const erlangs = erlangsOf(load)
  return levelFrom(waitingProbability(erlangs, agents), erlangs, agents, load, withinMs)
}

/** How long a call waits on average, those that do not wait counted with 0; `Infinity` where the queue grows without end. @throws RangeError as the others. */
export function averageSpeedOfAnswer(load: Load, agents: number): DurationMs {
  const erlangs = erlangsOf(load)
  const waiting = waitingProbability(erlangs, agents)
  if (erlangs === 0) return 0
  return agents <= erlangs ? Infinity : (waiting * load.handleMs) / (agents - erlangs)
}

/**
 * The fewest agents with whom the promise is kept; 0 of no load.
 * @throws RangeError where a number is none of its kind. No number of agents promises all: `share` is below 1.
 */
export function requiredAgents(load: Load, { share, withinMs }: Promised): number {
  check('share', share, share >= 0 && share < 1, 'a share from 0 to below 1')
  check('withinMs', withinMs, withinMs >= 0, 'a duration not below 0')
  const erlangs = erlangsOf(load)
  if (erlangs === 0) return 0
  let blocked = 1
  for (let agents = 1; ; agents += 1) {
    blocked = blockedWith(blocked, erlangs, agents)
    if (agents <= erlangs) continue
    const waiting = waitingFrom(blocked, erlangs, agents)
    if (levelFrom(waiting, erlangs, agents, load, withinMs) >= share) return agents
  }
}

/**
 * Erlang B, from that of one agent fewer: the probability that all are busy where nobody waits. Each step divides by what is larger, so that no error grows and
 * nothing overflows, as the factorials of the formula would.
 */
const blockedWith = (blockedWithOneFewer: number, erlangs: number, agents: number): number =>
  (erlangs * blockedWithOneFewer) / (agents + erlangs * blockedWithOneFewer)

/** Erlang C from Erlang B. */
function waitingFrom(blocked: number, erlangs: number, agents: number): number {
  if (erlangs === 0) return 0
  return agents <= erlangs ? 1 : (agents * blocked) / (agents - erlangs * (1 - blocked))
}

function levelFrom(
  waiting: number,
  erlangs: number,
  agents: number,
  { handleMs }: Load,
  withinMs: DurationMs,
): number {
  if (erlangs === 0) return 1
  if (agents <= erlangs) return 0
  return 1 - waiting * Math.exp((-(agents - erlangs) * withinMs) / handleMs)
}

const checkLoad = (erlangs: number): void =>
  check('erlangs', erlangs, erlangs >= 0 && erlangs <= erlangsMax, `from 0 to ${erlangsMax}`)

const checkAgents = (agents: number): void =>
  check('agents', agents, Number.isSafeInteger(agents) && agents >= 0, 'a whole number not below 0')

function check(name: string, value: number, isRight: boolean, expected: string): void {
  if (!isRight || !Number.isFinite(value))
    throw new RangeError(`Erlang C: ${name} must be ${expected}, not ${value}`)
}
