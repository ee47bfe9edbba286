import { expect, test } from 'vitest'
import type { AppealChange } from '../subjects/own-id/appeal-change.ts'
import type { EpochMs } from '../time/time.ts'
import { appealText } from './appeal-text.ts'

const filed: AppealChange = {
  ...{ tenant: 'acme', appealId: 'p', agentId: 'lin', start: '2026-03-01', end: '2026-03-31' },
  ...{ contacts: 2, scores: 1, kpis: ['csat', 'own'], reason: 'not mine' },
  ...{ filedMs: 0 as EpochMs, filedBy: null, decided: null },
}
const decided = { atMs: 1 as EpochMs, by: 'wang', note: null }
const ofOneContact = { ...filed, end: '2026-03-01', contacts: 1, scores: 0, kpis: [] }
const kpis = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

test.each<[AppealChange, string, string]>([
  [
    filed,
    'Appeal filed: agent lin, 2026-03-01 to 2026-03-31, about 2 contacts, 1 score, KPIs Customer satisfaction, own',
    '申诉已提交：坐席 lin，2026-03-01 至 2026-03-31，涉及 2 个会话、1 项评分、指标 客户满意度、own',
  ],
  [
    { ...ofOneContact, decided: { ...decided, decision: 'granted' } },
    'Appeal granted by wang: agent lin, 2026-03-01, about 1 contact',
    '申诉已由 wang 批准：坐席 lin，2026-03-01，涉及 1 个会话',
  ],
  [
    { ...ofOneContact, decided: { ...decided, decision: 'partly-granted' } },
    'Appeal granted in part by wang: agent lin, 2026-03-01, about 1 contact',
    '申诉已由 wang 部分批准：坐席 lin，2026-03-01，涉及 1 个会话',
  ],
  [
    { ...ofOneContact, contacts: 0, kpis, decided: { ...decided, decision: 'refused' } },
    'Appeal refused by wang: agent lin, 2026-03-01, about KPIs a, b, c, d, e, 2 KPIs more',
    '申诉已由 wang 驳回：坐席 lin，2026-03-01，涉及 指标 a、b、c、d、e、另外 2 个指标',
  ],
])('an appeal is said in both languages: %#', (appeal, en, zh) => {
  expect(appealText(appeal, 'en')).toBe(en)
  expect(appealText(appeal, 'zh')).toBe(zh)
})
