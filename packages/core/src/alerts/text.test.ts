import { describe, expect, test } from 'vitest'
import { defaultTenantConfig } from '../config/tenant-config.ts'
import { catalogueOf } from '../families/catalogue.ts'
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
const slow: TextFacts = {
  ...contact,
  subject: 'slice/queue=billing',
  kind: 'windowed',
  kpi: 'response_time',
  value: 30_400,
}
const ended = (end: 'over' | 'retracted' | 'withdrawn'): Partial<TextFacts> => ({
  status: 'resolved',
  end,
  endedMs: at(3_695),
})

const say = (
  template: string,
  facts: TextFacts,
  url: string | null = null,
): { en: string; zh: string } => {
  const text = { en: template, zh: template }
  return {
    en: renderText(text, facts, 'en', 'Asia/Shanghai', url),
    zh: renderText(text, facts, 'zh', 'Asia/Shanghai', url),
  }
}

describe('placeholders', () => {
  test.each<{ template: string; facts?: TextFacts; en: string; zh: string }>([
    { template: '{tenant} {rule}', en: 'acme Customer waiting', zh: 'acme 客户等待超时' },
    { template: '{severity}', en: 'warning', zh: '警告' },
    { template: '{subject}', en: 'contact c-17', zh: '会话 c-17' },
    {
      template: '{subject}',
      facts: { ...contact, subject: 'agent/a%2F7' },
      en: 'agent a/7',
      zh: '坐席 a/7',
    },
    {
      template: '{subject}',
      facts: { ...contact, subject: 'source/crm' },
      en: 'source crm',
      zh: '数据源 crm',
    },
    {
      template: '{subject}',
      facts: { ...contact, subject: 'endpoint/floor' },
      en: 'endpoint floor',
      zh: '通知渠道 floor',
    },
    {
      template: '{subject}',
      facts: { ...contact, subject: 'pipeline' },
      en: 'the pipeline',
      zh: '数据管道',
    },
    {
      template: '{subject}',
      facts: { ...contact, subject: 'clock' },
      en: 'the clock',
      zh: '系统时钟',
    },
    { template: '{subject}', facts: slow, en: 'queue billing', zh: '队列 billing' },
    { template: '{subject}', facts: { ...contact, subject: 'moon/%' }, en: 'moon/%', zh: 'moon/%' },
    {
      template: '{subject}',
      facts: { ...contact, subject: 'source/100%' },
      en: 'source 100%',
      zh: '数据源 100%',
    },
    { template: '{slice}', en: 'queue billing', zh: '队列 billing' },
    {
      template: '{rule}',
      facts: { ...contact, rule: 'slow-queues' },
      en: 'slow-queues',
      zh: 'slow-queues',
    },
    { template: '{contact} {channel}', en: 'c-17 chat', zh: 'c-17 聊天' },
    { template: '{channel}', facts: { ...contact, channel: 'fax' }, en: 'fax', zh: 'fax' },
    {
      template: '{slice} {kpi} {value}',
      facts: { ...slow, slice: 'all' },
      en: 'all contacts Response time 30.4 s',
      zh: '全部会话平均响应时间 30.4 秒',
    },
    { template: '{agent} {state}', en: '– –', zh: '– –' },
    {
      template: '{agent} {state}',
      facts: { ...contact, agentId: '7', state: 'meal' },
      en: '7 meal',
      zh: '7 用餐',
    },
    { template: '{kpi}', en: '–', zh: '–' },
    { template: '{kpi}', facts: slow, en: 'Response time', zh: '平均响应时间' },
    {
      template: '{kpi}',
      facts: { ...slow, kpi: 'moon_phase' },
      en: 'moon_phase',
      zh: 'moon_phase',
    },
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
    expect(say('Slow. {url}', contact, 'https://desk.example/alerts').en).toBe(
      'Slow. https://desk.example/alerts',
    )
    expect(say('Slow. {url}', contact).en).toBe('Slow.')
  })

  test.each([
    { id: 'queue', en: 'dimension queue', zh: '维度 队列' },
    { id: 'constructor', en: 'dimension constructor', zh: '维度 constructor' },
  ])('the dimension $id is named by its word, if it has one', ({ id, en, zh }) => {
    expect(say('{subject}', { ...contact, subject: `dimension/${id}` })).toEqual({ en, zh })
  })

  test('a threshold of the tenant has the name that its own catalogue gives', () => {
    const facts = { ...slow, kpi: 'answered_within_45s_of_due' }
    const catalogue = catalogueOf({ ...defaultTenantConfig, thresholdsSeconds: [45] })
    expect(renderText({ en: '{kpi}', zh: '{kpi}' }, facts, 'en', 'UTC', null, catalogue)).toBe(
      'Answered within 45 s',
    )
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
      en: 'Resolved at 2026-03-02 09:01:35 +08:00 after 1 min 5 s.',
      zh: '已恢复：2026-03-02 09:01:35 +08:00，持续 1 分钟 5 秒。',
    },
    {
      rule: 'a value recovers in the same words',
      facts: { ...slow, ...ended('over') },
      en: 'Resolved at 2026-03-02 09:01:35 +08:00 after 1 min 5 s.',
      zh: '已恢复：2026-03-02 09:01:35 +08:00，持续 1 分钟 5 秒。',
    },
    {
      rule: 'what never was is taken back',
      facts: { ...contact, ...ended('retracted') },
      en: 'Retracted: the customer was answered in time; the data of that answer arrived late.',
      zh: '已撤销：客户已按时得到回复，该回复的数据到达较晚。',
    },
    {
      rule: 'also where nobody answers',
      facts: { ...contact, subject: 'agent/7', ...ended('retracted') },
      en: 'Retracted: it ended in time; the data of its end arrived late.',
      zh: '已撤销：实际未超过时限，相关数据到达较晚。',
    },
    {
      rule: 'a rule that no longer asks says so',
      facts: { ...slow, ...ended('withdrawn') },
      en: 'Withdrawn at 2026-03-02 09:01:35 +08:00 after 1 min 5 s: the rule was changed or disabled, or no longer covers this.',
      zh: '已取消：2026-03-02 09:01:35 +08:00，持续 1 分钟 5 秒；规则已变更或停用，或不再适用于该对象。',
    },
  ])('$rule', ({ facts, en, zh }) => {
    expect(say('x', facts)).toEqual({ en: `x\n${en}`, zh: `x\n${zh}` })
  })
})

describe('checkTemplate', () => {
  test('a placeholder that does not exist is named, with those that do', () => {
    expect(checkTemplate('{value} of {threshold}')).toEqual({
      expected: expect.stringContaining('{limit}') as string,
      got: '{threshold}',
    })
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
