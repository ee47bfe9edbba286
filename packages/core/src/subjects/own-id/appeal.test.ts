import { expect, test } from 'vitest'
import type { EventData } from '../../events/event.ts'
import { told } from './own-id.test-support.ts'

const scores = [
  { kind: 'complaint', id: 'k-1' },
  { kind: 'review', id: 'k-1' },
  { kind: 'review', id: 'k-2' },
]
const filed: EventData = {
  ...{ appealId: 'p', agentId: 'a-1', reason: 'an outage' },
  period: { start: '2026-03-01', end: '2026-03-02' },
  ...{ contactIds: ['c-1', 'c-2'], scores, kpis: ['csat', 'aht'] },
}

/** What was granted, and the scores that are told to be left out. */
function granted(...decisions: readonly EventData[]) {
  const { open, tells = [] } = told('appeal', [
    [10, 'appeal.filed', filed],
    ...decisions.map(
      (data, nth) => [20 + nth, 'appeal.decided', { decidedBy: 'lead', ...data }] as const,
    ),
  ])
  const { decided } = open!.row as unknown as { decided: EventData | null }
  const left = tells.flatMap(({ to, id, said }) =>
    said.kind === 'left-out' && said.excluded !== null ? [`${to} ${id}`] : [],
  )
  return [decided?.['contactIds'], decided?.['scores'], decided?.['kpis'], left]
}

const all = ['complaint k-1', 'review k-1', 'review k-2']

test.each<{ rule: string; decisions: readonly EventData[]; is: unknown[] }>([
  {
    rule: 'nothing before it is decided',
    decisions: [],
    is: [undefined, undefined, undefined, []],
  },
  {
    rule: 'all, where nothing is named',
    decisions: [{ decision: 'granted' }],
    is: [['c-1', 'c-2'], scores, ['csat', 'aht'], all],
  },
  {
    rule: 'the contacts that are named alone',
    decisions: [{ decision: 'granted', contactIds: ['c-2', 'c-3'] }],
    is: [['c-2'], [], [], []],
  },
  {
    rule: 'the scores that are named alone, by what they are and their id',
    decisions: [{ decision: 'granted', scores: [scores[1], { kind: 'violation', id: 'k-2' }] }],
    is: [[], [scores[1]], [], ['review k-1']],
  },
  {
    rule: 'the KPIs that are named alone',
    decisions: [{ decision: 'granted', kpis: ['csat', 'fcr'] }],
    is: [[], [], ['csat'], []],
  },
  {
    rule: 'nothing, where it is refused',
    decisions: [{ decision: 'refused' }],
    is: [[], [], [], []],
  },
  {
    rule: 'what the last decision says',
    decisions: [{ decision: 'granted' }, { decision: 'refused' }],
    is: [[], [], [], []],
  },
])('an appeal is granted $rule', ({ decisions, is }) => {
  expect(granted(...decisions)).toEqual(is)
})
