import { average } from '../kpis/shapes.ts'
import { duration, family, on } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

/** Services that were down. */
export const incidents = family('incidents', 23, {
  /** From the opening, at the restoration. */
  restoreTime: duration(
    1,
    on('incident', {
      at: (row) => row.restored,
      value: ({ openedMs, restored }) => restored.atMs - openedMs,
    }),
  ),
})

/** The same in SQL. */
export const incidentSql: FamilySql<keyof typeof incidents.measures> = {
  restoreTime: [rowsOf('incident', 'restored', { value: 'downMs' })],
}

const timeToRestore = average('time_to_restore', {
  name: { en: 'Time to restore', zh: '故障恢复时间' },
  description: {
    en: 'From the opening of an incident to the restoration of the service.',
    zh: '从故障发生到服务恢复的时间，按恢复时刻统计。',
  },
  direction: 'lower',
  clocked: true,
  of: incidents.measures.restoreTime,
  percentiles: [90],
  dimensions: ['queue'],
  docs: {
    formula: '`sum ÷ count` of restoration − opening; p90 beside it',
    countedAt: 'the restoration, the first one after the opening',
    whenEmpty: '`null`, `nothing-happened`: nothing was restored',
    note: 'calendar time; credited to the queue that the incident’s events name last, else to `queue=none`; incidents name no agent and no channel (`no-source`)',
  },
})

export const incidentKpis = [timeToRestore]
