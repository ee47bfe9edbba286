import type { KpiValue } from '@deskpulse/contract'
import type { Client } from '../../../support/client.ts'
import {
  periods,
  placeOf,
  placesFrom,
  slices,
  type Figures,
  type Period,
  type Places,
} from './figures.ts'

const kpis = [
  'contacts_opened',
  'contacts_handled',
  'contacts_resolved',
  'response_time',
  'answered_within_target_of_answered',
]
const backMs = 2 * 3_600_000

export type Told = {
  readonly places: Places
  /** From when on what is at `window …` was counted: minutes that are whole. */
  readonly windowStartMs: number
}

/** What the API says of a tenant: every quarter-hour and day of the last two hours, the last 30 minutes as one window, and who waits. */
export async function figuresOfDeskpulse(client: Client, tenant: string): Promise<Told> {
  const [from, to] = [new Date(Date.now() - backMs).toISOString(), new Date().toISOString()]
  const found: [string, Figures | { readonly waiting: number }][] = []
  for (const period of Object.keys(periods) as Period[]) {
    const rows = await client.periods(tenant, {
      period,
      from,
      to,
      slice: slices,
      kpis: kpis.join(','),
    })
    for (const { start, slice, kpis } of rows)
      found.push([placeOf(period, Date.parse(start), slice), figuresOf(kpis)])
  }
  const live = await client.live(tenant, {
    window: '30m',
    slice: slices,
    kpis: [...kpis, 'waiting_now'].join(','),
  })
  if (live.cursor !== undefined)
    throw new Error(`${tenant} has more slices than one answer of live values holds`)
  for (const { slice, kpis } of live.rows) {
    found.push(
      [`window ${slice}`, figuresOf(kpis)],
      [`now ${slice}`, { waiting: kpis['waiting_now']?.value ?? 0 }],
    )
  }
  return { places: placesFrom(found), windowStartMs: Date.parse(live.window.start) }
}

function figuresOf(values: Readonly<Record<string, KpiValue>>): Figures {
  const value = (kpi: string): number => values[kpi]?.value ?? 0
  const time = values['response_time']
  return {
    opened: value('contacts_opened'),
    handled: value('contacts_handled'),
    resolved: value('contacts_resolved'),
    replies: time?.count ?? 0,
    sumMs: time?.sum ?? 0,
    within: values['answered_within_target_of_answered']?.numerator ?? 0,
    p50Ms: time?.p50 ?? null,
    p90Ms: time?.p90 ?? null,
    p99Ms: time?.p99 ?? null,
  }
}
