import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KpiUnit } from '../kpis/kpi.ts'
import type { EpochMs } from '../time/time.ts'
import { shippedRules } from './shipped-rules.ts'
import {
  cleanWord,
  durationText,
  instantText,
  joinChinese,
  ruleTitle,
  sliceWords,
  stateText,
  valueText,
} from './words.ts'

const [s, min, h, d] = [1_000, 60_000, 3_600_000, 86_400_000]

test.each([
  { ms: 0, en: '0 s', zh: '0 秒' },
  { ms: 400, en: '400 ms', zh: '400 毫秒' },
  { ms: 30 * s, en: '30 s', zh: '30 秒' },
  { ms: 30_017, en: '30 s', zh: '30 秒' },
  { ms: 65 * s, en: '1 min 5 s', zh: '1 分钟 5 秒' },
  { ms: 59_600, en: '1 min', zh: '1 分钟' },
  { ms: 5 * min, en: '5 min', zh: '5 分钟' },
  { ms: h - 1, en: '1 h', zh: '1 小时' },
  { ms: h + 5 * min + 20 * s, en: '1 h 5 min', zh: '1 小时 5 分钟' },
  { ms: d - 1, en: '1 d', zh: '1 天' },
  { ms: d + 3 * h + 20 * min, en: '1 d 3 h', zh: '1 天 3 小时' },
  { ms: d + 20 * min, en: '1 d', zh: '1 天' },
])('$ms ms is $en, $zh', ({ ms, en, zh }) => {
  expect([durationText(ms, 'en'), durationText(ms, 'zh')]).toEqual([en, zh])
})

describe('values', () => {
  test.each<{ value: number | null; limit?: number; unit: KpiUnit; en: string; rule: string }>([
    { value: 0.795, unit: 'ratio', en: '79.5%', rule: 'a share is percent' },
    { value: 0.8, unit: 'ratio', en: '80%', rule: 'without digits that say nothing' },
    {
      value: 0.7996,
      limit: 0.8,
      unit: 'ratio',
      en: '79.96%',
      rule: 'a share that misses its limit never reads like it',
    },
    { value: 0.79999999, limit: 0.8, unit: 'ratio', en: '80%', rule: 'as far as digits tell' },
    { value: 30_400, limit: 30_000, unit: 'ms', en: '30.4 s', rule: 'nor does a duration' },
    { value: 30_017, limit: 30_000, unit: 'ms', en: '30.02 s', rule: 'closely' },
    { value: 90_250, limit: 90_000, unit: 'ms', en: '1 min 30.3 s', rule: 'of minutes' },
    { value: 30_000, limit: 30_000, unit: 'ms', en: '30 s', rule: 'one that is its limit does' },
    { value: 1_234, unit: 'count', en: '1,234', rule: 'a count has its thousands marked' },
    { value: -0.126, unit: 'index', en: '-0.13', rule: 'an index has two digits and its sign' },
    { value: 12.345, unit: 'money', en: '12.35', rule: 'so has money' },
    { value: 88.25, unit: 'points', en: '88.3', rule: 'points have one' },
    { value: null, unit: 'ms', en: 'no data', rule: 'no data is said' },
  ])('$rule: $en', ({ value, limit, unit, en }) => {
    expect(valueText(value, unit, 'en', limit)).toBe(en)
  })

  test('in Chinese, too', () => {
    expect([
      valueText(null, 'ms', 'zh'),
      valueText(0.5, 'ratio', 'zh'),
      valueText(65 * s, 'ms', 'zh'),
    ]).toEqual(['无数据', '50%', '1 分钟 5 秒'])
  })
})

describe('instants', () => {
  test.each([
    {
      at: '2026-03-02T01:00:27.999Z',
      zone: 'Asia/Shanghai',
      is: '2026-03-02 09:00:27 +08:00',
      rule: 'are local to the zone',
    },
    {
      at: '2026-03-02T01:00:00Z',
      zone: 'UTC',
      is: '2026-03-02 01:00:00 +00:00',
      rule: 'to the second',
    },
    {
      at: '2026-10-25T00:30:00Z',
      zone: 'Europe/Rome',
      is: '2026-10-25 02:30:00 +02:00',
      rule: 'the hour that comes twice is told apart',
    },
    {
      at: '2026-10-25T01:30:00Z',
      zone: 'Europe/Rome',
      is: '2026-10-25 02:30:00 +01:00',
      rule: 'by its offset',
    },
  ])('$rule: $is', ({ at, zone, is }) => {
    expect(instantText(Date.parse(at) as EpochMs, zone)).toBe(is)
  })
})

describe('slices and states', () => {
  test.each([
    { text: 'all', en: 'all contacts', zh: '全部会话' },
    { text: 'queue=billing', en: 'queue billing', zh: '队列 billing' },
    { text: 'queue=billing,channel=chat', en: 'queue billing, chat', zh: '队列 billing、聊天' },
    { text: 'channel=fax', en: 'channel fax', zh: '渠道 fax' },
    { text: 'class=live', en: 'live contacts', zh: '在线会话' },
    { text: 'queue=none,class=voice', en: 'no queue, voice calls', zh: '未分配队列、语音' },
    { text: 'queue=constructor', en: 'queue constructor', zh: '队列 constructor' },
    { text: 'queue=a%2Cb', en: 'queue a,b', zh: '队列 a,b' },
    { text: 'queue=a\n%0Ab', en: 'queue a b', zh: '队列 a b' },
    { text: 'team=a', en: 'team=a', zh: 'team=a' },
  ])('$text is $en, $zh', ({ text, en, zh }) => {
    expect([sliceWords(text, 'en'), sliceWords(text, 'zh')]).toEqual([en, zh])
  })

  test('a state has a name in both languages; one that is not known is itself, and so is a word of the language', () => {
    expect([stateText('wrap_up', 'en'), stateText('wrap_up', 'zh')]).toEqual([
      'wrap-up',
      '话后处理',
    ])
    expect([stateText('lunch\u0007', 'en'), stateText('toString', 'zh')]).toEqual([
      'lunch',
      'toString',
    ])
  })
})

describe('names of rules', () => {
  test.each(shippedRules)('$name has one in both languages', ({ name }) => {
    expect(ruleTitle(name, 'en')).toMatch(/^[A-Z][a-z0-9 -]+$/)
    expect(ruleTitle(name, 'zh')).toMatch(/\p{Script=Han}/u)
  })

  test('a rule of somebody’s own is called as they call it', () => {
    expect([ruleTitle('slow-queues', 'en'), ruleTitle('toString', 'zh')]).toEqual([
      'slow-queues',
      'toString',
    ])
  })
})

describe('words put into a Chinese sentence', () => {
  test.each([
    {
      parts: ['', '平均响应时间', ' 高于 ', '30 秒', ''],
      is: '平均响应时间高于 30 秒',
      rule: 'no blank stands between two Chinese words',
    },
    {
      parts: ['', 'p90', ' 高于 ', '30 秒', ' 持续'],
      is: 'p90 高于 30 秒持续',
      rule: 'one stands beside Latin letters and digits',
    },
    { parts: ['会话 ', '你 好', ' 自'], is: '会话你 好自', rule: 'what was put in stays as it is' },
    { parts: ['自 ', '', ' 起'], is: '自起', rule: 'nothing put in leaves no blank behind' },
  ])('$rule: $is', ({ parts, is }) => {
    expect(joinChinese(parts)).toBe(is)
  })
})

describe('what came from outside', () => {
  test.each([
    { text: 'a\r\nb\tc', is: 'a b c', rule: 'has no line breaks' },
    { text: 'a\u2028b\u0085c', is: 'a b c', rule: 'of any kind' },
    { text: 'a\u202Eb\u200Bc\uFEFF', is: 'a b c', rule: 'nor what is invisible or turns the text' },
    { text: '\u0000\u001B[31m', is: '[31m', rule: 'nor control characters' },
    { text: '', is: '–', rule: 'and is something' },
    { text: ' \n ', is: '–', rule: 'also when nothing is left' },
    { text: '\uD800x', is: '\uFFFDx', rule: 'and is well-formed' },
    { text: 'x'.repeat(64), is: 'x'.repeat(64), rule: '64 characters stay' },
    { text: 'x'.repeat(65), is: `${'x'.repeat(63)}…`, rule: 'more are cut' },
    { text: '😀'.repeat(65), is: `${'😀'.repeat(63)}…`, rule: 'between characters' },
  ])('$rule', ({ text, is }) => {
    expect(cleanWord(text)).toBe(is)
  })

  test('whatever it was, it is one short line, and cleaning it again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const clean = cleanWord(text)
        expect(clean).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        expect(Array.from(clean).length).toBeLessThanOrEqual(64)
        expect(cleanWord(clean)).toBe(clean)
      }),
    )
  })
})
