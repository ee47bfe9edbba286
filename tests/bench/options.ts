import { parseArgs } from 'node:util'
import { caseNames, isCaseName, openerOf, specOf, type CaseName } from './cases/catalogue.ts'
import { curveNames, isCurveName, type CurveName } from './growth/curves.ts'

/** Measured unless others are asked for. */
const usualParts = ['core', 'ingest', 'embedded', 'pipeline', 'alerts', 'takeover'] as const
/** These take long, and `peers` needs a JDK: only by their names. */
const parts = [...usualParts, 'peers', 'growth', 'soak'] as const
export type Part = (typeof parts)[number]

export type BenchOptions = {
  readonly parts: readonly Part[]
  /** Of the parts whose cases run in one process each. */
  readonly cases: readonly CaseName[]
  /** Of growth. */
  readonly curves: readonly CurveName[]
  readonly runs: number
  /** Of one run. */
  readonly events: number
  /** The open-loop load: events per second over all tenants, and for how long. */
  readonly perSecond: number
  readonly seconds: number
  /** How long a soak lasts. */
  readonly minutes: number
  /** Customers who wait at once, for the alerts. */
  readonly waiting: number
  /** The history that Deskpulse and its peers catch up with. */
  readonly peersEvents: number
  /** Where pictures of the curves go; `null`: none are made. */
  readonly plots: string | null
  /** Instead of measuring: where this case, or this point of a curve, spends its time. */
  readonly profile: string | null
}

const usual = {
  runs: 5,
  events: 20_000,
  rate: 2_000,
  seconds: 8,
  minutes: 30,
  waiting: 1_000,
  peersEvents: 200_000,
} as const
const quick = {
  runs: 1,
  events: 4_000,
  rate: 500,
  seconds: 3,
  minutes: 5,
  waiting: 100,
  peersEvents: 4_000,
} as const
const profiledEvents = 200_000
/** A soak counts what is opened on one day. */
const minutesMax = 22 * 60

export const usage = `npm run bench -- [options]
  --quick            one short run of everything: does it work?
  --runs N           rounds that count (${usual.runs})
  --events N         events of a run (${usual.events}; of a profile ${profiledEvents}, beside peers ${usual.peersEvents})
  --rate N           live load in events per second (${usual.rate})
  --seconds N        how long it lasts (${usual.seconds})
  --minutes N        how long a soak lasts (${usual.minutes}; at most ${minutesMax})
  --waiting N        customers who wait at once, for the alerts (${usual.waiting})
  --only PART,…      ${parts.join(', ')}; or cases of tests/bench/cases/catalogue.ts,
                     or curves of growth: ${curveNames.join(', ')}
                     (peers, growth and soak are measured only if named; of peers, Kafka Streams and DuckDB: tests/bench/peers/README.md)
  --plots FOLDER     where a picture of each curve of growth is put, growth-CURVE.svg
  --profile CASE     the functions in which a case, or a point as agents-2000, spends its time; see tests/bench/cases/catalogue.ts`

/** @throws Error in words for the one who typed. */
export function optionsOf(args: readonly string[]): BenchOptions {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{
        quick: { type: 'boolean' },
        runs: text,
        events: text,
        rate: text,
        seconds: text,
        minutes: text,
        waiting: text,
      },
      ...{ only: text, plots: text, profile: text },
    },
  })
  const defaults = values.quick === true ? quick : usual
  const profile = values.profile ?? null
  if (profile !== null && openerOf(profile) === null)
    throw new Error(`--profile: there is no case ${profile}`)
  return {
    ...chosen(values.only),
    runs: countOf('runs', values.runs, defaults.runs),
    events: countOf('events', values.events, profile === null ? defaults.events : profiledEvents),
    perSecond: countOf('rate', values.rate, defaults.rate),
    seconds: countOf('seconds', values.seconds, defaults.seconds),
    minutes: atMost('minutes', countOf('minutes', values.minutes, defaults.minutes), minutesMax),
    waiting: countOf('waiting', values.waiting, defaults.waiting),
    peersEvents: countOf('events', values.events, defaults.peersEvents),
    plots: values.plots ?? null,
    profile,
  }
}

function chosen(typed: string | undefined): Pick<BenchOptions, 'parts' | 'cases' | 'curves'> {
  if (typed === undefined) return { parts: usualParts, cases: caseNames, curves: [] }
  const named = typed.split(',')
  const unknown = named.filter(
    (name) => !parts.some((part) => part === name) && !isCaseName(name) && !isCurveName(name),
  )
  if (unknown.length > 0)
    throw new Error(`--only: there is no part, case or curve ${unknown.join(', ')}`)
  return {
    parts: parts.filter((part) => named.includes(part)),
    cases: caseNames.filter((name) => named.includes(name) || named.includes(specOf(name).part)),
    curves: curveNames.filter((name) => named.includes(name) || named.includes('growth')),
  }
}

function countOf(name: string, typed: string | undefined, otherwise: number): number {
  if (typed === undefined) return otherwise
  if (!/^[1-9]\d{0,8}$/.test(typed))
    throw new Error(`--${name} must be a whole number above 0, not ${typed}`)
  return Number(typed)
}

function atMost(name: string, count: number, max: number): number {
  if (count > max) throw new Error(`--${name} must be at most ${max}, not ${count}`)
  return count
}
