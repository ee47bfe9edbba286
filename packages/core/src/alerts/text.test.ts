import { describe, expect, test } from 'vitest'
import { defaultTenantConfig } from '../config/tenant-config.ts'
import { catalogueOf } from '../kpis/catalogue.ts'
import { at } from './alert.test-support.ts'
import { shippedRules } from './shipped-rules.ts'
import { alertPlaceholders, checkTemplate, renderText, type TextFacts } from './text.ts'

const contact: TextFacts = {
  tenant: 'acme',
  rule: 'customer-waiting',
  subject: 'contact/c-17',
  kind: 'deadline',
  severity: 'warning',
  slice: 'queue=billing',
  contactId: 'c-17',
  channel: 'chat',
  kpi: null,
  value: 30_017,
  limit: 30_000,
  unit: 'ms',
  labels: {},
  status: 'firing',
  sinceMs: at(3_600),
  startedMs: at(3_630),
  endedMs: null,
  end: null,
}
const slow: TextFacts = { ...contact, subject: 'slice/queue=billing', kind: 'windowed', kpi: 'response_time', value: 30_400 }
const ended = (end: 'over' | 'retracted' | 'withdrawn'): Partial<TextFacts> => ({ status: 'resolved', end, endedMs: at(3_695) })

const say = (template: string, facts: TextFacts, url: string | null = null): { en: string; zh: string } => {
  const text = { en: template, zh: template }
  return { en: renderText(text, facts, 'en', 'Asia/Shanghai', url), zh: renderText(text, facts, 'zh', 'Asia/Shanghai', url) }
}

describe('placeholders', () => {
  test.each<{ template: string; facts?: TextFacts; en: string; zh: string }>([
    { template: '{tenant} {rule}', en: 'acme customer-waiting', zh: 'acme customer-waiting' },
    { template: '{severity}', en: 'warning', zh: '警告' },
    { template: '{subject}', en: 'contact c-17', zh: '会话 c-17' },
    { template: '{subject}', facts: { ...contact, subject: 'agent/a%2F7' }, en: 'agent a/7', zh: '坐席 a/7' },
    { template: '{subject}', facts: { ...contact, subject: 'source/crm' }, en: 'source crm', zh: '数据源 crm' },
    { template: '{subject}', facts: { ...contact, subject: 'endpoint/floor' }, en: 'endpoint floor', zh: '通知渠道 floor' },
    { template: '{subject}', facts: { ...contact, subject: 'pipeline' }, en: 'the pipeline', zh: '数据管道' },
    { template: '{subject}', facts: slow, en: 'queue billing', zh: '队列 billing' },
    { template: '{subject}', facts: { ...contact, subject: 'moon/%' }, en: 'moon/%', zh: 'moon/%' },
    { template: '{subject}', facts: { ...contact, subject: 'source/100%' }, en: 'source 100%', zh: '数据源 100%' },
    { template: '{slice}', en: 'queue billing', zh: '队列 billing' },
    { template: '{contact} {channel}', en: 'c-17 chat', zh: 'c-17 chat' },
    { template: '{agent} {state}', en: '– –', zh: '– –' },
    { template: '{agent} {state}', facts: { ...contact, agentId: '7', state: 'meal' }, en: '7 meal', zh: '7 用餐' },
    { template: '{kpi}', en: '–', zh: '–' },
    { template: '{kpi}', facts: slow, en: 'Response time', zh: '平均响应时间' },
    { template: '{kpi}', facts: { ...slow, kpi: 'moon_phase' }, en: 'moon_phase', zh: 'moon_phase' },
    { template: '{value} / {limit}', en: '30 s / 30 s', zh: '30 秒 / 30 秒' },
    { template: '{value} / {limit}', facts: slow, en: '30.4 s / 30 s', zh: '30.4 秒 / 30 秒' },
    { template: '{value}', facts: { ...slow, value: null }, en: 'no data', zh: '无数据' },
    { template: '{since}', en: '2026-03-02 09:00:00 +08:00', zh: '2026-03-02 09:00:00 +08:00' },
    { template: '{started}', en: '2026-03-02 09:00:30 +08:00', zh: '2026-03-02 09:00:30 +08:00' },
    { template: '{ended} {lasted}', en: '– –', zh: '– –' },
    { template: '{other} {', en: '{other} {', zh: '{other} {' },
  ])('$template: $en', ({ template, facts = contact, en, zh }) => {
    expect(say(template, facts)).toEqual({ en, zh })
  })

  test('what ended says when, and how long it fired', () => {
    const [first] = say('{ended} {lasted}', { ...contact, ...ended('over') }).en.split('\n')
    expect(first).toBe('2026-03-02 09:01:35 +08:00 1 min 5 s')
  })

  test('a link that there is not leaves no space behind', () => {
    expect(say('Slow. {url}', contact, 'https://desk.example/alerts').en).toBe('Slow. https://desk.example/alerts')
    expect(say('Slow. {url}', contact).en).toBe('Slow.')
  })

  test('a threshold of the tenant has the name that its own catalogue gives', () => {
    const facts = { ...slow, kpi: 'answered_within_45s_of_due' }
    const catalogue = catalogueOf({ ...defaultTenantConfig, thresholdsSeconds: [45] })
    expect(renderText({ en: '{kpi}', zh: '{kpi}' }, facts, 'en', 'UTC', null, catalogue)).toBe('Answered within 45 s')
  })

  test('what sources sent cannot make lines, nor placeholders', () => {
    const facts = { ...contact, contactId: '{url}\nAll is well', slice: 'queue={tenant}%0A@all' }
    expect(say('{contact} in {slice}', facts).en).toBe('{url} All is well in queue {tenant} @all')
    expect(say('{subject}', facts).en).toBe('contact {url} All is well')
  })
})

describe('a resolved alert has a line of its own', () => {
  test.each<{ facts: TextFacts; en: string; zh: string; rule: string }>([
    {
      rule: 'how long it lasted',
      facts: { ...contact, ...ended('over') },
      en: 'Over at 2026-03-02 09:01:35 +08:00: it lasted 1 min 5 s.',
      zh: '已结束：2026-03-02 09:01:35 +08:00，持续 1 分 5 秒。',
    },
    {
      rule: 'a value recovers',
      facts: { ...slow, ...ended('over') },
      en: 'Recovered at 2026-03-02 09:01:35 +08:00: it lasted 1 min 5 s.',
      zh: '已恢复：2026-03-02 09:01:35 +08:00，持续 1 分 5 秒。',
    },
    {
      rule: 'what never was is taken back',
      facts: { ...contact, ...ended('retracted') },
      en: 'Retracted: the answer was in time.',
      zh: '已撤回：回复实际在时限内。',
    },
    {
      rule: 'also where nobody answers',
      facts: { ...contact, subject: 'agent/7', ...ended('retracted') },
      en: 'Retracted: it was over in time.',
      zh: '已撤回：实际未超时限。',
    },
    {
      rule: 'a rule that no longer asks says so',
      facts: { ...slow, ...ended('withdrawn') },
      en: 'Ended at 2026-03-02 09:01:35 +08:00 after 1 min 5 s: the rule no longer applies.',
      zh: '已结束：2026-03-02 09:01:35 +08:00，持续 1 分 5 秒，规则不再适用。',
    },
  ])('$rule', ({ facts, en, zh }) => {
    expect(say('x', facts)).toEqual({ en: `x\n${en}`, zh: `x\n${zh}` })
  })
})

describe('checkTemplate', () => {
  test('a placeholder that does not exist is named, with those that do', () => {
    expect(checkTemplate('{value} of {threshold}')).toEqual({ expected: expect.stringContaining('{limit}') as string, got: '{threshold}' })
    expect(checkTemplate('{ value }')?.got).toBe('{ value }')
    expect(checkTemplate('{}')?.got).toBe('{}')
  })

  test('every placeholder may be used; braces that close nothing are text', () => {
    expect(checkTemplate(alertPlaceholders.map((name) => `{${name}}`).join(''))).toBeNull()
    expect(checkTemplate('a } b { c')).toBeNull()
  })

  test.each(shippedRules)('$name: its texts can be rendered, in both languages', ({ text }) => {
    expect([checkTemplate(text.en), checkTemplate(text.zh)]).toEqual([null, null])
  })
})
