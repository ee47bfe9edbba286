import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect } from 'vitest'
import type { Client, PeriodRow } from '../../support/client.ts'
import { differences, figuresFrom } from '../../support/figures.ts'
import { countedByMonth, type Month } from './by-hand.ts'

/** A real log, which is not part of this repository: it lies beside it, or the tests that read it cannot run. */
export const helpdeskFile = resolve(import.meta.dirname, '../../../../shared/data/helpdesk.xes.gz')
export const hasHelpdeskFile = existsSync(helpdeskFile)

/** Nothing is closed: what comes later is to be seen at once. */
export const helpdeskTenant = { timeZone: 'Europe/Rome', closing: { grace: '36500d' } }
const years = [2010, 2011, 2012, 2013, 2014] as const

/** Every KPI of every slice, by month and by year, as the API gives them. */
export async function rowsOf(client: Client, tenant: string): Promise<readonly PeriodRow[]> {
  const slice = ['all', 'queue=helpdesk', 'agent=*']
  const pages: PeriodRow[] = []
  for (const period of ['month', 'year']) {
    for (const year of years) {
      pages.push(
        ...(await client.periods(tenant, {
          period,
          slice,
          from: `${year}-01-01`,
          to: `${year + 1}-01-01`,
        })),
      )
    }
  }
  return pages
}

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

/** The figures that were computed independently of this project, and those of all months as they are counted by hand. */
export async function expectTheRightFigures(rows: readonly PeriodRow[]): Promise<void> {
  const whole = rows.filter(({ slice }) => slice === 'all')
  const months = Object.fromEntries(
    whole.filter(({ label }) => label.length > 4).map((row) => [row.label, monthOf(row)]),
  )
  expect(months['2010-01']).toMatchObject({
    opened: 22,
    resolutions: 14,
    resolved: 13,
    resolutionMs: 5_721_561_000,
  })
  expect(months['2012-10']).toMatchObject({
    opened: 42,
    resolutions: 39,
    resolved: 36,
    resolutionMs: 82_863_626_000,
  })
  const inYears = whole.filter(({ label }) => label.length === 4).map(monthOf)
  const total = (field: keyof Month): number => inYears.reduce((sum, year) => sum + year[field], 0)
  expect([total('opened'), total('resolutions'), total('resolved'), total('reopened')]).toEqual([
    4_580, 4_983, 4_569, 158,
  ])
  expect(months).toEqual(await countedByMonth(helpdeskFile, Object.keys(months)))
  const agents = new Set(
    rows.map(({ slice }) => slice).filter((slice) => slice.startsWith('agent=')),
  )
  expect(agents.size).toBeGreaterThanOrEqual(22)
}

/** All figures, of all slices, to the last digit. */
export function expectSameFigures(found: readonly PeriodRow[], wanted: readonly PeriodRow[]): void {
  expect(differences(figuresFrom(found), figuresFrom(wanted))).toEqual([])
}
