import { defaultTenantConfig, type ScoreCard } from '@deskpulse/core/config'
import { describe, expect, test } from 'vitest'
import { parseConfig } from './parse.ts'
import { configIdOf, decodeConfigEntry, encodeConfigEntry } from '../entries/config-codec.ts'

const item = { kpi: 'csat', weight: 100, points: [[0.5, 0] as unknown, [1, 100]] }
const tenantOf = (card: object, more: object = {}) => ({
  tenants: { acme: { ...more, scoreCards: [{ id: 'service', kpis: [item], ...card }] } },
})

function cardsOf(raw: unknown): readonly ScoreCard[] {
  const parsed = parseConfig(raw)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  return parsed.config.tenants['acme']!.config.scoreCards
}

describe('score cards', () => {
  test('have defaults: the month, all agents, names of their ids, three bands', () => {
    expect(cardsOf(tenantOf({}))).toMatchObject([
      {
        ...{ id: 'service', name: { en: 'service', zh: 'service' }, period: 'month' },
        ...{ from: null, teams: null, roles: null, raters: null },
        items: [{ kpi: 'csat', statistic: 'value', slice: null, few: null, whenEmpty: null }],
        bands: [{ id: 'excellent' }, { id: 'good' }, { id: 'poor', from: 0 }],
      },
    ])
  })

  test('are those of the default where none are configured, and none where the list is empty', () => {
    expect(cardsOf({ tenants: { acme: {} } })).toEqual(defaultTenantConfig.scoreCards)
    expect(cardsOf({ tenants: { acme: { scoreCards: [] } } })).toEqual([])
  })

  test('say all that there is to say, and come back from the log as they were', () => {
    const raw = tenantOf(
      {
        ...{ name: { en: 'Service', zh: '服务' }, period: 'quarter', from: '2026-04-01' },
        ...{ teams: ['night'], roles: ['agent'], raters: { self: 0 } },
        kpis: [
          {
            ...{ kpi: 'first_response_time', statistic: 'p90', slice: 'queue=vip', weight: 60 },
            ...{
              points: [
                ['28s', 100],
                ['1m', 60],
                [180_000, 0],
              ],
              whenEmpty: 0,
            },
          },
          { ...item, weight: 40, few: { upTo: 50, minusEach: 1 } },
        ],
        bands: [
          { id: 'a', name: 'A', from: 80 },
          { id: 'b', from: 0 },
        ],
      },
      { slices: { pairs: [['queue', 'agent']] } },
    )
    const [card] = cardsOf(raw)
    expect(card).toMatchObject({
      raters: { self: 0, supervisor: 50, peer: 10, customer: 10 },
      items: [
        {
          points: [
            [28_000, 100],
            [60_000, 60],
            [180_000, 0],
          ],
          whenEmpty: 0,
        },
        { weight: 40 },
      ],
      bands: [
        { id: 'a', name: { en: 'A', zh: 'A' } },
        { id: 'b', name: { en: 'b', zh: 'b' } },
      ],
    })
    const config = { ...defaultTenantConfig, scoreCards: [card!] }
    const entry = { id: configIdOf(config), predecessor: null, config }
    expect(decodeConfigEntry(encodeConfigEntry(entry))).toEqual(entry)
  })

  test.each([
    {
      rule: 'weights that do not come to 100',
      raw: tenantOf({ kpis: [{ ...item, weight: 99.5 }] }),
      error: { path: 'kpis', expected: 'weights that come to 100', hint: 'they come to 99.5' },
    },
    {
      rule: 'a KPI that there is not',
      raw: tenantOf({ kpis: [{ ...item, kpi: 'csta' }] }),
      error: { path: 'kpis.0.kpi', code: 'unknown-kpi', hint: 'did you mean csat?' },
    },
    {
      rule: 'a KPI of the moment',
      raw: tenantOf({ kpis: [{ ...item, kpi: 'backlog', points: [[0, 100]] }] }),
      error: {
        path: 'kpis.0.kpi',
        expected: 'a KPI that agents have in a closed period, each by itself',
      },
    },
    {
      rule: 'a KPI that compares agents with one another',
      raw: tenantOf({ kpis: [{ ...item, kpi: 'sales_index', points: [[0, 100]] }] }),
      error: {
        path: 'kpis.0.kpi',
        expected: 'a KPI that agents have in a closed period, each by itself',
      },
    },
    {
      rule: 'a statistic that the KPI has not',
      raw: tenantOf({ kpis: [{ ...item, statistic: 'p90' }] }),
      error: { path: 'kpis.0.statistic', expected: 'of this KPI: value' },
    },
    {
      rule: 'points that do not ascend',
      raw: tenantOf({
        kpis: [
          {
            ...item,
            points: [
              [0.5, 0],
              [0.5, 10],
            ],
          },
        ],
      }),
      error: { path: 'kpis.0.points.1.0', expected: 'more than the one before, 0.5' },
    },
    {
      rule: 'percent for a share',
      raw: tenantOf({ kpis: [{ ...item, points: [[50, 0]] }] }),
      error: { path: 'kpis.0.points.0.0', hint: '50 % is 0.5' },
    },
    {
      rule: 'a rule of few for what is no share',
      raw: tenantOf({
        kpis: [
          {
            ...item,
            kpi: 'first_response_time',
            points: [['1s', 9]],
            few: { upTo: 5, minusEach: 1 },
          },
        ],
      }),
      error: { path: 'kpis.0.few', expected: 'left out: this KPI is no share of a number' },
    },
    {
      rule: 'a slice that agents do not have',
      raw: tenantOf({ kpis: [{ ...item, slice: 'queue=vip' }] }),
      error: {
        path: 'kpis.0.slice',
        expected: 'a slice that agents have: [agent, queue] among slices.pairs',
      },
    },
    {
      rule: 'a slice of an agent',
      raw: tenantOf({ kpis: [{ ...item, slice: 'agent=a' }] }),
      error: {
        path: 'kpis.0.slice',
        expected: 'one dimension beside the agent, such as queue=billing',
      },
    },
    {
      rule: 'bands that leave something out',
      raw: tenantOf({
        bands: [
          { id: 'a', from: 90 },
          { id: 'b', from: 10 },
        ],
      }),
      error: { path: 'bands.1.from', expected: '0: every total is in a band' },
    },
    {
      rule: 'bands out of order',
      raw: tenantOf({
        bands: [
          { id: 'a', from: 0 },
          { id: 'b', from: 0 },
        ],
      }),
      error: { path: 'bands.1.from', expected: 'less than the band above, 0' },
    },
    {
      rule: 'a date without quotes, or none',
      raw: tenantOf({ from: '2026-3-1' }),
      error: { path: 'from', expected: 'a date YYYY-MM-DD, in quotes' },
    },
  ])('are refused with $rule', ({ raw, error }) => {
    const parsed = parseConfig(raw)
    const path = `tenants.acme.scoreCards.0.${error.path}`
    expect(parsed.ok ? [] : parsed.errors).toMatchObject([{ ...error, path }])
  })

  test('are refused where two versions of one begin together', () => {
    const card = { id: 'a', kpis: [item], from: '2026-03-01' }
    const parsed = parseConfig({ tenants: { acme: { scoreCards: [card, card] } } })
    expect(parsed.ok ? [] : parsed.errors).toMatchObject([
      {
        path: 'tenants.acme.scoreCards.1',
        expected: 'an id and a from that no other card has together',
      },
    ])
  })
})
