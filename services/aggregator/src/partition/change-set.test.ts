import type { EpochMs, OpenDifference, OpenInterval } from '@deskpulse/core'
import { expect, test } from 'vitest'
import { ChangeSet } from './change-set.ts'
import { Tenant } from './tenant.ts'

const tenant = new Tenant('acme', [])
tenant.useDefault()
const [all, agent] = [0, 1].map((slice) => `o:acme:${slice}:agent.available`)

const since = (sinceMs: number, member = '7'): OpenInterval => ({
  ...{ kind: 'agent.available', member, dimensions: { agent: '7' } },
  ...{ sinceMs: sinceMs as EpochMs, scoreMs: sinceMs as EpochMs },
})
const begins = (sinceMs: number, member?: string): OpenDifference => ({ before: null, now: since(sinceMs, member) })
const ends = (sinceMs: number, member?: string): OpenDifference => ({ before: since(sinceMs, member), now: null })
const moves = (fromMs: number, toMs: number): OpenDifference => ({ before: since(fromMs), now: since(toMs) })

test.each<[rule: string, told: readonly (readonly [by: string, OpenDifference])[], sinceMs: number | null]>([
  ['an interval that begins', [['day-1', begins(10)]], 10],
  ['one that ends', [['day-1', ends(10)]], null],
  ['one that has another beginning', [['day-1', moves(10, 20)]], 20],
  [
    'what a subject began and ended',
    [
      ['day-1', begins(10)],
      ['day-1', ends(10)],
    ],
    null,
  ],
  [
    'what a subject ended and began anew',
    [
      ['day-1', ends(10)],
      ['day-1', begins(20)],
    ],
    20,
  ],
  [
    'what one subject ends and another goes on with',
    [
      ['day-1', ends(10)],
      ['day-2', begins(20)],
    ],
    20,
  ],
  [
    'the same, told the other way round',
    [
      ['day-2', begins(20)],
      ['day-1', ends(10)],
    ],
    20,
  ],
  [
    'what the other ends in its turn',
    [
      ['day-2', begins(20)],
      ['day-1', ends(10)],
      ['day-2', ends(20)],
    ],
    null,
  ],
])('%s is one change in each of its slices', (_, told, sinceMs) => {
  const changes = new ChangeSet()
  for (const [by, difference] of told) changes.open(tenant, by, difference)
  expect(changes.finish({ logTimeMs: 0 as EpochMs, watermarkMs: 0 as EpochMs }).open).toEqual([
    { key: all, member: '7', sinceMs },
    { key: agent, member: '7', sinceMs },
  ])
})

test('members of one slice are changed each by itself', () => {
  const changes = new ChangeSet()
  changes.open(tenant, 'day-1', begins(10, '7,1'))
  changes.open(tenant, 'day-1', ends(10, '7,2'))
  const { open } = changes.finish({ logTimeMs: 0 as EpochMs, watermarkMs: 0 as EpochMs })
  expect(open.filter(({ key }) => key === all)).toEqual([
    { key: all, member: '7,1', sinceMs: 10 },
    { key: all, member: '7,2', sinceMs: null },
  ])
})
