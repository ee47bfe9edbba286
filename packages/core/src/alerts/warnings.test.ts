import { describe, expect, test } from 'vitest'
import { agentRule, contactRule, sourceRule } from './alert.test-support.ts'
import { shippedRules } from './shipped-rules.ts'
import { warnedRule, withWarnings } from './warnings.ts'
import { windowedRule } from './windowed.test-support.ts'
import { ruleTitle } from './words.ts'

describe('rules as they are watched', () => {
  test('have a rule for each warning behind the one that it is of: a share of the limit, a severity less, told once, to the same', () => {
    const rule = contactRule('waiting', {
      ...{ severity: 'critical', warnAt: 0.8, repeatMs: 600_000, endpoints: ['floor'] },
      ...{ slice: 'queue=billing', escalation: { afterMs: 300_000, endpoints: ['boss'] } },
    })
    const other = windowedRule()
    expect(withWarnings([rule, other])).toEqual([
      rule,
      {
        ...rule,
        ...{ name: 'waiting.warning', severity: 'warning', limitMs: 24_000 },
        ...{ repeatMs: null, escalation: null, warnAt: null, warnsOfMs: 30_000 },
      },
      other,
    ])
  })

  test.each([
    { rule: agentRule('break', { warnAt: 0.5 }), is: 'break.warning' },
    { rule: sourceRule('silent', { warnAt: 0.5 }), is: 'silent.warning' },
  ])('$is is of a rule of another subject', ({ rule, is }) => {
    expect(withWarnings([rule]).map(({ name }) => name)).toEqual([rule.name, is])
  })

  test('a rule that is disabled warns of nothing', () => {
    const [, warning] = withWarnings([contactRule('waiting', { enabled: false, warnAt: 0.5 })])
    expect(warning?.enabled).toBe(false)
  })

  test('are the very ones, where none warns; the same ones give the same', () => {
    expect(withWarnings(shippedRules)).toBe(shippedRules)
    const rules = [contactRule('waiting', { warnAt: 0.5 })]
    expect(withWarnings(rules)).toBe(withWarnings(rules))
  })
})

test('the name of a warning says of which rule it is, to people in their words', () => {
  expect([warnedRule('customer-waiting.warning'), warnedRule('customer-waiting')]).toEqual([
    'customer-waiting',
    null,
  ])
  expect([
    ruleTitle('customer-waiting.warning', 'en'),
    ruleTitle('customer-waiting.warning', 'zh'),
  ]).toEqual(['Customer waiting (warning)', '客户等待超时（预警）'])
})
