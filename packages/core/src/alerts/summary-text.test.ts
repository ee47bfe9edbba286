import { expect, test } from 'vitest'
import { at } from './alert.test-support.ts'
import { type SummaryFacts, summarySubjectOf, summaryText } from './summary-text.ts'

const contacts: SummaryFacts = {
  rule: 'customer-waiting',
  subject: 'contact',
  slice: 'queue=billing',
  count: 12,
  sinceMs: at(27),
}

test.each([
  {
    of: contacts,
    en: '12 customers have been waiting in queue billing, the first since 2026-03-02 08:00:27 +08:00',
    zh: '队列 billing 有 12 位客户仍在等待，最早自 2026-03-02 08:00:27 +08:00 起',
  },
  {
    of: { ...contacts, slice: 'queue=none' },
    en: '12 customers have been waiting in no queue, the first since 2026-03-02 08:00:27 +08:00',
    zh: '未分配队列中有 12 位客户仍在等待，最早自 2026-03-02 08:00:27 +08:00 起',
  },
  {
    of: { ...contacts, slice: 'queue=退款' },
    en: '12 customers have been waiting in queue 退款, the first since 2026-03-02 08:00:27 +08:00',
    zh: '队列 退款有 12 位客户仍在等待，最早自 2026-03-02 08:00:27 +08:00 起',
  },
  {
    of: { ...contacts, rule: 'long-break', subject: 'agent', slice: 'all', count: 3 },
    en: 'long-break: 3 agents, the first since 2026-03-02 08:00:27 +08:00',
    zh: 'long-break：3 位坐席，最早自 2026-03-02 08:00:27 +08:00 起',
  },
  {
    of: { ...contacts, rule: 'silent-source', subject: 'source', slice: 'all', count: 2 },
    en: 'Silent source: 2 sources, the first since 2026-03-02 08:00:27 +08:00',
    zh: '数据源无数据：2 个数据源，最早自 2026-03-02 08:00:27 +08:00 起',
  },
] as const)('$en', ({ of, en, zh }) => {
  expect(summaryText(of, 'en', 'Asia/Shanghai')).toBe(en)
  expect(summaryText(of, 'zh', 'Asia/Shanghai')).toBe(zh)
})

test('a summary counts contacts, agents and sources; what is about anything else is told by itself', () => {
  expect(['contact/c-1', 'agent/a-1', 'source/%2Fcrm'].map(summarySubjectOf)).toEqual([
    'contact',
    'agent',
    'source',
  ])
  for (const subject of [
    'dimension/queue',
    'slice/queue=contact/',
    'pipeline',
    'contacts/c-1',
    'contact',
    '',
  ])
    expect(summarySubjectOf(subject)).toBeNull()
})
