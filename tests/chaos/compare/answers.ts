import type { Desk } from '../../support/desk.ts'

/** What is asked of every tenant: everything that there is to read of it. */
export type Asked = {
  readonly tenant: string
  readonly slices: readonly string[]
  readonly periods: readonly Period[]
  readonly from: string
  readonly to: string
}
type Period = '15m' | 'hour' | 'day' | 'week' | 'month'

/** Answers by their question, each in parts small enough to say where two differ: `hour 2026-03-02T01:00 queue=billing`. */
export type Answers = ReadonlyMap<string, unknown>

const windows = ['today', '60m'] as const
const slicesAtOnce = 20 // Their names are long, and an address is not.

/** Reads it all. `asOf`: the moments of the answers, which are one where nothing moves. */
export async function answersOf(
  desk: Desk,
  { tenant, slices, periods, from, to }: Asked,
): Promise<{ readonly answers: Answers; readonly asOf: ReadonlySet<string> }> {
  const answers = new Map<string, unknown>()
  const asOf = new Set<string>()
  for (let at = 0; at < slices.length; at += slicesAtOnce) {
    const slice = slices.slice(at, at + slicesAtOnce)
    for (const period of periods) {
      for (const { start, slice: named, kpis } of await desk.periods(tenant, { period, from, to, slice }))
        answers.set(`${period} ${start} ${named}`, kpis)
    }
    for (const window of windows) {
      const live = await desk.live(tenant, { window, slice })
      asOf.add(live.asOf)
      for (const { slice: named, kpis } of live.rows) answers.set(`live ${window} ${named}`, kpis)
    }
  }
  for (const [list, body] of Object.entries({
    waiting: await desk.waiting(tenant),
    agents: await desk.agents(tenant),
    refusals: await desk.refusals(tenant),
  })) {
    const { asOf: moment, stale: _, ...rest } = body
    asOf.add(moment)
    answers.set(list, rest)
  }
  return { answers, asOf }
}

/** How many values these are: KPIs, each with everything that it shows. */
export function valuesIn(answers: Answers): number {
  return answers.values().reduce((sum: number, answer) => sum + Object.keys(answer as object).length, 0)
}

/** Where two differ, in words. */
export function differences(found: Answers, wanted: Answers): readonly string[] {
  const questions = new Set([...wanted.keys(), ...found.keys()])
  return [...questions].flatMap((question) => differencesAt(question, found.get(question), wanted.get(question)))
}

function differencesAt(question: string, found: unknown, wanted: unknown): string[] {
  if (text(found) === text(wanted)) return []
  if (!isObject(found) || !isObject(wanted)) return [`${question}: ${text(found)}, wanted ${text(wanted)}`]
  const names = new Set([...Object.keys(wanted), ...Object.keys(found)])
  return [...names].flatMap((name) =>
    text(found[name]) === text(wanted[name]) ? [] : [`${question} ${name}: ${text(found[name])}, wanted ${text(wanted[name])}`],
  )
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null

const text = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value))
