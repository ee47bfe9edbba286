import { parseArgs } from 'node:util'
import { caseNames, isCaseName, specOf, type CaseName } from './cases/catalogue.ts'

/** Measured unless others are asked for. */
const usualParts = ['core', 'ingest', 'embedded', 'pipeline', 'alerts', 'takeover'] as const
/** `peers` takes long and needs a JDK: only by its name. */
const parts = [...usualParts, 'peers'] as const
export type Part = (typeof parts)[number]

export type BenchOptions = {
  readonly parts: readonly Part[]
  /** Of the parts whose cases run in one process each. */
  readonly cases: readonly CaseName[]
  readonly runs: number
  /** Of one run. */
  readonly events: number
  /** The open-loop load: events per second over all tenants, and for how long. */
  readonly perSecond: number
  readonly seconds: number
  /** Customers who wait at once, for the alerts. */
  readonly waiting: number
  /** The history that Deskpulse and its peers catch up with. */
  readonly peersEvents: number
  /** Instead of measuring: where this case spends its time. */
  readonly profile: CaseName | null
}

const usual = { runs: 5, events: 20_000, rate: 2_000, seconds: 8, waiting: 1_000, peersEvents: 200_000 } as const
const quick = { runs: 1, events: 4_000, rate: 500, seconds: 3, waiting: 100, peersEvents: 4_000 } as const
const profiledEvents = 200_000

export const usage = `npm run bench -- [options]
  --quick            one short run of everything: does it work?
  --runs N           rounds that count (${usual.runs})
  --events N         events of a run (${usual.events}; of a profile ${profiledEvents}, beside peers ${usual.peersEvents})
  --rate N           live load in events per second (${usual.rate})
  --seconds N        how long it lasts (${usual.seconds})
  --waiting N        customers who wait at once, for the alerts (${usual.waiting})
  --only PART,…      ${parts.join(', ')}; or cases of tests/bench/cases/catalogue.ts
                     (peers, Kafka Streams and DuckDB, are measured only if named: tests/bench/peers/README.md)
  --profile CASE     the functions in which a case spends its time; see tests/bench/cases/catalogue.ts`

/** @throws Error in words for the one who typed. */
export function optionsOf(args: readonly string[]): BenchOptions {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean' }, runs: text, events: text, rate: text, seconds: text, waiting: text, only: text, profile: text },
  })
  const defaults = values.quick === true ? quick : usual
  const profile = values.profile ?? null
  if (profile !== null && !isCaseName(profile)) throw new Error(`--profile: there is no case ${profile}`)
  return {
    ...chosen(values.only),
    runs: countOf('runs', values.runs, defaults.runs),
    events: countOf('events', values.events, profile === null ? defaults.events : profiledEvents),
    perSecond: countOf('rate', values.rate, defaults.rate),
    seconds: countOf('seconds', values.seconds, defaults.seconds),
    waiting: countOf('waiting', values.waiting, defaults.waiting),
    peersEvents: countOf('events', values.events, defaults.peersEvents),
    profile,
  }
}

function chosen(typed: string | undefined): Pick<BenchOptions, 'parts' | 'cases'> {
  if (typed === undefined) return { parts: usualParts, cases: caseNames }
  const named = typed.split(',')
  const unknown = named.filter((name) => !parts.some((part) => part === name) && !isCaseName(name))
  if (unknown.length > 0) throw new Error(`--only: there is no part or case ${unknown.join(', ')}`)
  return {
    parts: parts.filter((part) => named.includes(part)),
    cases: caseNames.filter((name) => named.includes(name) || named.includes(specOf(name).part)),
  }
}

function countOf(name: string, typed: string | undefined, otherwise: number): number {
  if (typed === undefined) return otherwise
  if (!/^[1-9]\d{0,8}$/.test(typed)) throw new Error(`--${name} must be a whole number above 0, not ${typed}`)
  return Number(typed)
}
