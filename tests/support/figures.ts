import type { KpiValue } from '@deskpulse/contract'
import type { PeriodRow } from './client.ts'

/** Values by `start/end slice kpi`. */
export type Figures = ReadonlyMap<string, KpiValue>

export function figuresFrom(rows: readonly PeriodRow[]): Figures {
  return new Map(
    rows.flatMap(({ start, end, slice, kpis }) =>
      Object.entries(kpis).map(
        ([kpi, value]) => [`${start}/${end} ${slice} ${kpi}`, value] as const,
      ),
    ),
  )
}

/** What differs, in words; at most 20 of it. Empty: the same figures, to the last digit. */
export function differences(found: Figures, wanted: Figures): readonly string[] {
  const names = new Set([...wanted.keys(), ...found.keys()])
  const lines: string[] = []
  for (const name of names) {
    const [is, shouldBe] = [inWords(found.get(name)), inWords(wanted.get(name))]
    if (is !== shouldBe) lines.push(`${name}: ${is}, wanted ${shouldBe}`)
  }
  return lines.slice(0, 20)
}

/** Attributes in the order of their names: the order in which they are written says nothing. */
function inWords(value: KpiValue | undefined): string {
  if (value === undefined) return 'absent'
  return JSON.stringify(
    Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  )
}
