import type { WindowedRule } from '@deskpulse/core/alerts'
import { defaultTenantConfig } from '@deskpulse/core/config'
import { catalogueOf } from '@deskpulse/core/kpis'
import { sliceIndex } from '@deskpulse/core/measures'
import { expect, test } from 'vitest'
import { bookLimits } from '../limits.ts'
import { slowRule, waitingRule } from '../testing/rules.ts'
import { windowQuestions } from './questions.ts'

const catalogue = catalogueOf()
const rule = (name: string, changes: Partial<WindowedRule> = {}): WindowedRule => ({
  ...slowRule,
  name,
  slice: 'all',
  ...changes,
})

function slicesWith(...texts: readonly string[]) {
  const slices = sliceIndex(null)
  slices.configure(defaultTenantConfig)
  for (const text of texts) slices.intern(text)
  return slices
}

test('what several rules look at is read once, with the KPIs of all of them', () => {
  const first = rule('first', { kpi: 'first_response_time' })
  const { asks, questions } = windowQuestions(
    [rule('slow'), first, rule('slower'), rule('long', { window: '15m' })],
    slicesWith(),
    catalogue,
  )
  expect(asks.map(({ rule: { name }, question }) => [name, question])).toEqual([
    ['slow', 0],
    ['first', 0],
    ['slower', 0],
    ['long', 1],
  ])
  expect(
    questions.map(({ text, window, kpis }) => [text, window, kpis.map(({ id }) => id)]),
  ).toEqual([
    ['all', { minutes: 5 }, ['response_time', 'first_response_time']],
    ['all', { minutes: 15 }, ['response_time']],
  ])
})

test('a rule that is off, is decided by the folds, or has a KPI that the tenant does not, looks at nothing', () => {
  const rules = [
    rule('off', { enabled: false }),
    waitingRule,
    rule('unknown', { kpi: 'answered_within_7s_of_due' }),
  ]
  expect(windowQuestions(rules, slicesWith(), catalogue)).toEqual({
    asks: [],
    questions: [],
    cut: [],
  })
})

test('a rule of every queue looks at those that something was counted in, in the order in which they came', () => {
  const slices = slicesWith('queue=b', 'queue=a', 'queue=c,channel=chat', 'channel=chat')
  expect(
    windowQuestions([rule('each', { slice: 'queue=*' })], slices, catalogue).asks.map(
      ({ slice }) => slice,
    ),
  ).toEqual(['queue=b', 'queue=a'])
})

test('of more slices than a rule may look at the first ones are, and the others are counted', () => {
  const { slicesPerRuleMax } = bookLimits
  const texts = Array.from({ length: slicesPerRuleMax + 1 }, (_, number) => `queue=${number}`)
  const each = [rule('each', { slice: 'queue=*' })]
  const whole = windowQuestions(each, slicesWith(...texts.slice(1)), catalogue)
  expect([whole.asks.length, whole.cut]).toEqual([slicesPerRuleMax, []])
  const more = windowQuestions(each, slicesWith(...texts), catalogue)
  expect([more.asks.length, more.asks.at(-1)?.slice, more.cut]).toEqual([
    ...[slicesPerRuleMax, `queue=${slicesPerRuleMax - 1}`, [{ rule: 'each', slices: 1 }]],
  ])
})
