import { lateAfterMs } from './rule.ts'

/** Minutes of the virtual clock. */
export type Tick = number

/** A rule as the model knows it: `isOpen` says of each tick whether it is in the rule's hours. */
export type ModelRule = {
  readonly name: string
  readonly limit: Tick
  readonly isOpen: (tick: Tick) => boolean
}

export type ModelAlert = {
  readonly number: number
  since: Tick
  readonly started: Tick
  readonly late: boolean
  ended: Tick | null
  end: 'over' | 'retracted' | 'withdrawn' | null
}

/** What the customer and the agents did, in any order: all that is known of it. */
export type History = { readonly asked: readonly Tick[]; readonly answered: readonly Tick[] }

/** The first ask that nobody has answered at this tick, or `null`. An answer answers what was asked up to its own tick. */
export function waitingSince({ asked, answered }: History, tick: Tick): Tick | null {
  const lastAnswer = Math.max(-Infinity, ...answered.filter((one) => one <= tick))
  const open = asked.filter((one) => one > lastAnswer && one <= tick)
  return open.length === 0 ? null : Math.min(...open)
}

const weekTicks = 7 * 1_440

/** By looking at every tick. `Infinity`: the hours never come. */
export function deadlineOf({ limit, isOpen }: ModelRule, since: Tick): Tick {
  for (let tick = since + limit; tick <= since + limit + weekTicks; tick += 1)
    if (isOpen(tick)) return tick
  return Infinity
}

/**
 * The naive decision: asks the whole history anew, tick by tick. `alerts` are all that a rule ever began on the subject; those of `rules` that are not
 * enabled are not among them.
 */
export function modelDecide(
  alerts: Map<string, ModelAlert[]>,
  rules: readonly ModelRule[],
  history: History,
  now: Tick,
): void {
  for (const [name, ofRule] of alerts) {
    const firing = ofRule.find(({ end }) => end === null)
    if (firing !== undefined)
      judge(firing, rules.find((rule) => rule.name === name) ?? null, history, now)
  }
  for (const rule of rules) {
    const ofRule = alerts.get(rule.name) ?? []
    alerts.set(rule.name, ofRule)
    const since = waitingSince(history, now)
    if (since === null || ofRule.some(({ end }) => end === null)) continue
    const started = deadlineOf(rule, since)
    if (started > now) continue
    ofRule.push({
      number: ofRule.length + 1,
      since,
      started,
      late: (now - started) * 60_000 > lateAfterMs,
      ended: null,
      end: null,
    })
  }
}

function judge(alert: ModelAlert, rule: ModelRule | null, history: History, now: Tick): void {
  const close = (end: 'over' | 'retracted' | 'withdrawn', ended: Tick): void => {
    alert.end = end
    alert.ended = ended
  }
  if (rule === null) return close('withdrawn', now)
  const since = waitingSince(history, alert.started)
  if (since === null) return close('retracted', alert.started)
  let until = alert.started
  while (until <= now && waitingSince(history, until) === since) until += 1
  const goesOn = until > now
  const broke = deadlineOf(rule, since) < until
  if (!broke)
    return goesOn && since === alert.since
      ? close('withdrawn', now)
      : close('retracted', alert.started)
  alert.since = since
  if (!goesOn) close('over', until)
}
