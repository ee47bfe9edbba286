import type { Client } from '../../support/client.ts'

/** What is asked of every tenant: everything that there is to read of it. */
export type Asked = {
  readonly tenant: string
  readonly slices: readonly string[]
  readonly periods: readonly Period[]
  readonly from: string
  readonly to: string
}
type Period = '15m' | 'hour' | 'day' | 'week' | 'month'

/** Answers by what was asked, each in parts small enough to say where two differ: `hour 2026-03-02T01:00 queue=billing`. */
export type Answers = ReadonlyMap<string, unknown>

/** A part of all that is asked, so small that its answers can be held: those of a tenant with a thousand slices cannot. */
export type Question = (client: Client) => Promise<Answers>

const windows = ['today', '60m'] as const
const slicesAtOnce = 20 // Their names are long, and an address is not.

export function questionsOf({ tenant, slices, periods, from, to }: Asked): readonly Question[] {
  const questions: Question[] = []
  for (let at = 0; at < slices.length; at += slicesAtOnce) {
    const slice = slices.slice(at, at + slicesAtOnce)
    for (const period of periods) {
      questions.push(async (client) => {
        const rows = await client.periods(tenant, { period, from, to, slice })
        return new Map(
          rows.flatMap(({ start, slice: named, kpis, ...standing }): [string, unknown][] => [
            [`${period} ${start} ${named}`, kpis],
            [`standing ${period} ${start} ${named}`, standing],
          ]),
        )
      })
    }
    for (const window of windows) {
      questions.push(async (client) => {
        const { rows } = await client.live(tenant, { window, slice })
        return new Map(rows.map(({ slice: named, kpis }) => [`live ${window} ${named}`, kpis]))
      })
    }
  }
  for (const list of ['waiting', 'agents', 'refusals'] as const) {
    questions.push(async (client) => {
      const { asOf: _moment, stale: _stale, ...rest } = await client[list](tenant)
      return new Map([[list, rest]])
    })
  }
  return questions
}

/** How many values these are: KPIs, each with everything that it shows. */
export function valuesIn(answers: Answers): number {
  return answers
    .values()
    .reduce((sum: number, answer) => sum + Object.keys(answer as object).length, 0)
}

/** Where two differ, in words. */
export function differences(found: Answers, wanted: Answers): readonly string[] {
  const questions = new Set([...wanted.keys(), ...found.keys()])
  return [...questions].flatMap((question) =>
    differencesAt(question, found.get(question), wanted.get(question)),
  )
}

function differencesAt(question: string, found: unknown, wanted: unknown): string[] {
  if (text(found) === text(wanted)) return []
  if (!isObject(found) || !isObject(wanted))
    return [`${question}: ${text(found)}, wanted ${text(wanted)}`]
  const names = new Set([...Object.keys(wanted), ...Object.keys(found)])
  return [...names].flatMap((name) =>
    text(found[name]) === text(wanted[name])
      ? []
      : [`${question} ${name}: ${text(found[name])}, wanted ${text(wanted[name])}`],
  )
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const text = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value))
