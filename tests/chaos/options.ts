import { parseArgs } from 'node:util'
import type { FaultKind } from './plan/faults.ts'
import { formNames, forms, type FormName } from './forms.ts'

export type ChaosOptions = {
  readonly form: FormName
  readonly seed: number
  readonly kills: number
  readonly events: number
  readonly startMs: number
  readonly kinds: readonly FaultKind[]
}

const hourMs = 3_600_000
const usual = { kills: 300, events: 100_000 } as const
const ageMs = 4 * 24 * hourMs

export const usage = `npm run chaos -- [options]
  --form FORM      what is broken: ${formNames.join(', ')} (one)
  --seed N         makes the events and the faults; drawn and printed when left out
  --at INSTANT     when the events begin, a whole hour of the last 6 days (4 days ago)
  --kills N        processes ended hard (${usual.kills})
  --events N       different events, over all tenants (${usual.events})
  --faults A,…     what else may happen; default: all of the form but clock
The same seed, instant, kills, events and faults make the same events and the same plan; how they meet is chance.`

/** When the events of a run of now begin. */
export const usualStartMs = (nowMs: number): number => Math.floor(nowMs / hourMs) * hourMs - ageMs

/** @throws Error in words for the one who typed. */
export function optionsOf(args: readonly string[], nowMs: number, drawnSeed: number): ChaosOptions {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: { form: text, seed: text, at: text, kills: text, events: text, faults: text },
  })
  const form = formNames.find((name) => name === (values.form ?? 'one'))
  if (form === undefined) throw new Error(`--form: there is no form ${values.form}`)
  return {
    form,
    seed: countOf('seed', values.seed, drawnSeed),
    kills: countOf('kills', values.kills, usual.kills),
    events: countOf('events', values.events, usual.events),
    startMs: startOf(values.at, nowMs),
    kinds: kindsOf(values.faults, form),
  }
}

function startOf(typed: string | undefined, nowMs: number): number {
  if (typed === undefined) return usualStartMs(nowMs)
  const startMs = Date.parse(typed)
  const isUsable =
    startMs % hourMs === 0 && startMs > nowMs - 6 * 24 * hourMs && startMs < nowMs - 24 * hourMs
  if (!isUsable) throw new Error(`--at must be a whole hour, 1 to 6 days ago, not ${typed}`)
  return startMs
}

function kindsOf(typed: string | undefined, form: FormName): readonly FaultKind[] {
  const { kinds, usualKinds } = forms[form]
  if (typed === undefined) return usualKinds
  return typed.split(',').map((name) => {
    const kind = kinds.find((one) => one === name)
    if (kind === undefined)
      throw new Error(`--faults: ${form} has no ${name}; it has ${kinds.join(', ')}`)
    return kind
  })
}

function countOf(name: string, typed: string | undefined, otherwise: number): number {
  if (typed === undefined) return otherwise
  if (!/^\d{1,9}$/.test(typed)) throw new Error(`--${name} must be a whole number, not ${typed}`)
  return Number(typed)
}
