import { describe, expect, test } from 'vitest'
import { type AgentSales, salesIndexesOf } from './sales-index.ts'

const agent = (
  agentId: string,
  sales: AgentSales['sales'],
  more: Partial<AgentSales> = {},
): AgentSales => ({
  ...{ agentId, sales, team: 'day', role: 'presales', hasServed: true },
  ...more,
})

const indexes = (...all: readonly AgentSales[]) => Object.fromEntries(salesIndexesOf(all))

describe('the sales index of an agent', () => {
  test('is its sales by the mean of those of its role in its team who served a customer, whoever of them sold nothing', () => {
    const found = indexes(
      agent('a', { CNY: 300 }),
      agent('b', { CNY: 150 }),
      agent('c', {}),
      agent('d', { CNY: 900 }, { role: 'aftersales' }),
      agent('e', { CNY: 900 }, { team: 'night' }),
      agent('f', { CNY: 800 }, { team: null }),
      agent('g', { CNY: 0 }, { team: null }),
    )
    expect(found).toEqual({
      a: { value: 2, agents: 3 },
      b: { value: 1, agents: 3 },
      c: { value: 0, agents: 3 },
      d: { value: 1, agents: 1 },
      e: { value: 1, agents: 1 },
      f: { value: 2, agents: 2 },
      g: { value: 0, agents: 2 },
    })
  })

  test('is of the mean of those who served, also for who did not', () => {
    const found = indexes(agent('a', { CNY: 100 }), agent('b', { CNY: 50 }, { hasServed: false }))
    expect(found).toMatchObject({ a: { value: 1, agents: 1 }, b: { value: 0.5, agents: 1 } })
  })

  test.each([
    { rule: 'without a role', of: agent('a', { CNY: 1 }, { role: null }), reason: 'no-source' },
    {
      rule: 'where nobody of the role served a customer',
      ...{ of: agent('a', { CNY: 1 }, { hasServed: false }), reason: 'nothing-happened' },
    },
    { rule: 'where none of those sold anything', of: agent('a', {}), reason: 'nothing-happened' },
    {
      rule: 'where what they sold was free',
      ...{ of: agent('a', { CNY: 0 }), reason: 'nothing-happened' },
    },
  ])('has no value $rule', ({ of, reason }) => {
    expect(indexes(of)['a']).toMatchObject({ value: null, reason })
  })

  test('is one for each currency where the role sold in several, and never of both together', () => {
    const found = indexes(agent('a', { CNY: 300 }), agent('b', { CNY: 100, EUR: 20 }))
    expect(found).toEqual({
      a: {
        ...{ value: null, reason: 'several-currencies', agents: 2 },
        byCurrency: { CNY: 1.5, EUR: 0 },
      },
      b: {
        ...{ value: null, reason: 'several-currencies', agents: 2 },
        byCurrency: { CNY: 0.5, EUR: 2 },
      },
    })
  })
})
