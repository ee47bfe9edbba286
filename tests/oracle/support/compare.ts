import type { Clock } from '@deskpulse/core/config'
import { expect } from 'vitest'
import {
  type Asked,
  type Booking,
  type KpiValue,
  type LiveWindow,
  windowInterval,
} from '@deskpulse/core/kpis'
import {
  type EpochMs,
  type Interval,
  isTrailing,
  type Period,
  type PeriodKind,
  periodsIn,
  trailingIn,
  type TrailingKind,
} from '@deskpulse/core/time'
import { leftOutOf } from '../batch/appeals.ts'
import { momentValues } from '../batch/moment-values.ts'
import { windowValues, type Expected } from '../batch/values.ts'
import type { World } from '../batch/world.ts'
import { readerOf, sliceOf, type Stored } from './folded.ts'

const relativeErrorMax = 0.01

export type Reads = {
  readonly slices: readonly string[]
  readonly periods: readonly (PeriodKind | TrailingKind)[]
  readonly windows: readonly LiveWindow[]
  /** Whether what was issued is compared: then nothing may wait to be issued again. Default: what it would be. */
  readonly issued?: boolean
  /** Values are asked for on each of these, and on the usual one; and by entry. */
  readonly clocks?: readonly Clock[]
  /** Periods are read from here on. */
  readonly fromMs: number
}

/** Every KPI in every slice, period and window: counts and sums as the oracle says, percentiles within the histogram's error. */
export function expectAsOracle(
  store: Stored,
  world: World,
  { slices, periods, windows, clocks = [], fromMs, issued = false }: Reads,
  named?: string,
): void {
  const { config, asOfMs } = world
  const reader = readerOf(store, config, named, issued)
  const range = { startMs: fromMs as EpochMs, endMs: (asOfMs + 1) as EpochMs }
  const wrong: string[] = []
  const ways: readonly Asked[] = [{}, ...clocks.map((clock) => ({ clock })), { by: 'entry' }]
  const questions = slices.flatMap((slice) =>
    ways.map((asked) => ({ slice, asked, name: `${slice} ${JSON.stringify(asked)}` })),
  )
  for (const { slice, asked, name } of questions) {
    const { clock, by } = asked
    const appealOf = /appeal=([^,]+)/.exec(slice)?.[1]
    const its = appealOf === undefined ? world : leftOutOf(world, appealOf)
    const wanted = sliceOf(slice.replace('appeal=', 'agent='))
    for (const kind of periods) {
      for (const period of rowsOf(kind, range, config.timeZone)) {
        const isPeriod = kind !== '15m' && kind !== '30m' && !isTrailing(kind)
        const expected = windowValues(its, wanted, period, isPeriod, clock, by)
        wrong.push(
          ...differences(
            `${name} ${kind} ${period.label}`,
            reader.period(slice, period, asked),
            expected,
            by,
          ),
        )
      }
    }
    for (const window of windows) {
      const { startMs } = windowInterval(window, asOfMs as EpochMs, config.timeZone)
      const interval = { startMs, endMs: (asOfMs + 1) as EpochMs }
      const isToday = window === 'today'
      const happened = windowValues(its, wanted, interval, isToday, clock, by, asOfMs)
      const seen = reader.live(slice, window, asked)
      wrong.push(
        ...differences(
          `${name} live ${JSON.stringify(window)}`,
          seen,
          new Map([...happened, ...momentValues(its, wanted, clock)]),
          by,
        ),
      )
    }
  }
  expect(wrong).toEqual([])
}

const rowsOf = (kind: Period['kind'], range: Interval, timeZone: string): readonly Period[] =>
  isTrailing(kind)
    ? [...trailingIn(kind, range, timeZone)].flatMap(({ periods }) => periods)
    : [...periodsIn(kind, range, timeZone)]

/** What is wrong with the values of one slice and period, in words. By entry those are there that it makes a difference for. */
export function differences(
  place: string,
  seen: ReadonlyMap<string, KpiValue>,
  expected: ReadonlyMap<string, Expected>,
  by?: Booking,
): string[] {
  return [...expected].flatMap(([id, value]) => {
    const found = seen.get(id)
    if (found === undefined) return by === undefined ? [`${place} ${id}: missing`] : []
    const said = sayOf(found, value)
    return said === null ? [] : [`${place} ${id}: ${said}`]
  })
}

/** What is wrong with a value, or `null`. */
function sayOf(found: KpiValue, expected: Expected): string | null {
  const say = (what: string, got: unknown, wanted: unknown): string | null =>
    Object.is(got, wanted) ? null : `${what} is ${String(got)}, not ${String(wanted)}`
  switch (expected.kind) {
    case 'count': {
      const wanted = expected.breakdown ?? null
      const got = found.breakdown ?? null
      return (
        say('value', found.value, expected.value) ??
        say('breakdown', JSON.stringify(got), JSON.stringify(wanted))
      )
    }
    case 'ratio': {
      const { numerator, denominator } = expected
      const parts = denominator === 0 ? undefined : expected.breakdown
      const quotient = denominator === 0 ? null : numerator / denominator
      const share =
        denominator === 0 || expected.identified === undefined
          ? undefined
          : expected.identified / denominator
      return (
        say('numerator', Number(found.numerator), numerator) ??
        say('denominator', Number(found.denominator), denominator) ??
        say('value', found.value, quotient) ??
        say('identifiedShare', found.identifiedShare, share) ??
        say('basis', found.basis, denominator === 0 ? undefined : expected.basis) ??
        say('breakdown', JSON.stringify(found.breakdown), JSON.stringify(parts))
      )
    }
    case 'level': {
      const { sum, lengthMs, isKnown } = expected
      const isThere = lengthMs > 0 && (sum > 0 || isKnown)
      return (
        say('sum', Number(found.sum), sum) ??
        say('value', found.value, isThere ? sum / lengthMs : null)
      )
    }
    case 'highest': {
      const { length } = expected.values
      const highest = expected.values.at(-1) ?? null
      const isNear =
        highest === null || found.value === null
          ? found.value === highest
          : Math.abs(found.value - highest) <= highest * relativeErrorMax
      return (
        say('count', found.count, length) ??
        (isNear ? null : `value is ${found.value}, not near ${highest}`)
      )
    }
    case 'money': {
      const { amounts, exact, per } = expected
      const [first, ...others] = per === 0 ? [] : Object.entries(amounts)
      const main = ([currency, amount]: readonly [string, number]): number =>
        amount / (per * 10 ** digits[currency]!)
      const one = first === undefined || others.length > 0 ? undefined : first
      const each = others.length === 0 ? undefined : [first!, ...others]
      const inEach = each && Object.fromEntries(each.map((pair) => [pair[0], main(pair)]))
      return (
        say('value', found.value, one === undefined ? null : main(one)) ??
        say('currency', found.currency, one?.[0]) ??
        say(exact, found[exact] && Number(found[exact]), one?.[1]) ??
        say('byCurrency', JSON.stringify(found.byCurrency), JSON.stringify(inEach)) ??
        (exact === 'sum' || found.denominator === undefined
          ? null
          : say('denominator', Number(found.denominator), per))
      )
    }
    case 'index': {
      const { length } = expected.values
      const average = expected.values.reduce((sum, value) => sum + value / length, 0)
      const isNear =
        length === 0 || found.value === null
          ? found.value === null && length === 0
          : Math.abs(found.value - average) <= 1e-6 + 1e-9 * average
      return (
        say('count', found.count, length) ??
        (isNear ? null : `value is ${found.value}, not near ${average}`)
      )
    }
    case 'points': {
      const { count, sum, value, breakdown } = expected
      return (
        say('count', found.count, count) ??
        say('sum', Number(found.sum), sum) ??
        sayNear('value', { value: found.value }, { value }) ??
        sayNear('breakdown', found.breakdown ?? {}, breakdown ?? {})
      )
    }
    case 'durations': {
      const { count, sum, values } = expected
      return (
        say('count', found.count, count) ??
        say('sum', Number(found.sum), sum) ??
        say('value', found.value, count === 0 ? null : sum / count) ??
        sayPercentiles(found, values)
      )
    }
  }
}

/** Behind the point of the main unit. */
const digits: Readonly<Record<string, number>> = { CNY: 2, EUR: 2, JPY: 0, KWD: 3 }

type Numbers = Readonly<Record<string, number | null>>

/** Numbers are divided in another order here. */
function sayNear(what: string, got: Numbers, wanted: Numbers): string | null {
  const isNear = (a: number | null | undefined, b: number | null): boolean =>
    typeof a === 'number' && b !== null ? Math.abs(a - b) < 1e-9 : a === b
  const isSame =
    Object.keys(got).join() === Object.keys(wanted).join() &&
    Object.entries(wanted).every(([name, value]) => isNear(got[name], value))
  return isSame ? null : `${what} is ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`
}

function sayPercentiles(found: KpiValue, ascending: readonly number[]): string | null {
  for (const percent of [50, 90, 95, 99] as const) {
    const got = found[`p${percent}`]
    if (got === undefined) continue // Not all have all of them.
    const exact = ascending[Math.ceil((ascending.length * percent) / 100) - 1]!
    if (Math.abs(got - exact) > exact * relativeErrorMax)
      return `p${percent} is ${got}, not near ${exact}`
  }
  return null
}
