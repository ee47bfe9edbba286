import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect } from 'vitest'
import type { Desk, PeriodRow } from '../../support/desk.ts'
import { countedByMonth, type Month } from './by-hand.ts'

/** A real log, which is not part of this repository: it lies beside it, or the tests that read it cannot run. */
export const helpdeskFile = resolve(import.meta.dirname, '../../../../shared/data/helpdesk.xes.gz')
export const hasHelpdeskFile = existsSync(helpdeskFile)

export const helpdeskTenant = { timeZone: 'Europe/Rome' }
const years = ['2010', '2011', '2012', '2013', '2014'] as const

/** Every KPI of every slice, month by month and year by year, as the API gives them. */
export type Figures = { readonly months: readonly PeriodRow[]; readonly years: readonly PeriodRow[] }

export async function figuresOf(desk: Desk, tenant: string): Promise<Figures> {
  const slice = ['all', 'queue=helpdesk', 'agent=*']
  const of = async (period: string): Promise<readonly PeriodRow[]> => {
    const rows: PeriodRow[] = []
    for (const year of years) {
      rows.push(...(await desk.periods(tenant, { period, slice, from: `${year}-01-01`, to: `${Number(year) + 1}-01-01` })))
    }
    return rows.toSorted((a, b) => order(a.start, b.start) || order(a.slice, b.slice))
  }
  return { months: await of('month'), years: await of('year') }
}

const order = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

function monthOf({ kpis }: PeriodRow): Month {
  const value = (id: string): number => Number(kpis[id]?.value)
  return {
    opened: value('contacts_opened'),
    resolutions: value('resolution_events'),
    resolved: value('contacts_resolved'),
    reopened: value('reopen_events'),
    resolutionMs: kpis['resolution_time_from_request']?.sum ?? 0,
  }
}

/** The figures that were computed independently of this project, and all others as they are counted by hand. */
export async function expectTheRightFigures({ months, years }: Figures): Promise<void> {
  const whole = months.filter(({ slice }) => slice === 'all')
  const byMonth = Object.fromEntries(whole.map((row) => [row.label, monthOf(row)]))
  expect(byMonth['2010-01']).toMatchObject({ opened: 22, resolutions: 14, resolved: 13, resolutionMs: 5_721_561_000 })
  expect(byMonth['2012-10']).toMatchObject({ opened: 42, resolutions: 39, resolved: 36, resolutionMs: 82_863_626_000 })
  const total = (field: keyof Month): number =>
    years.filter(({ slice }) => slice === 'all').reduce((sum, row) => sum + monthOf(row)[field], 0)
  expect([total('opened'), total('resolutions'), total('resolved'), total('reopened')]).toEqual([4_580, 4_983, 4_569, 158])
  expect(byMonth).toEqual(await countedByMonth(helpdeskFile, Object.keys(byMonth)))
  expect(months.filter(({ slice }) => slice.startsWith('agent=')).length).toBeGreaterThan(22 * 12)
}
