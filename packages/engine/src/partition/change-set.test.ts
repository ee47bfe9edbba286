import { decodeOpen, openField, openKey } from '@deskpulse/core/state'
import type { OpenSubject } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { ChangeSet } from './change-set.ts'
import { Tenant } from './tenant.ts'

const tenant = new Tenant('acme', [])
tenant.useDefault()
const key = openKey('acme')

const since = (sinceMs: number, agentId = '7'): OpenSubject => ({
  row: { agentId, contacts: 0, capacity: null, queues: [] },
  intervals: [{ kind: 'agent.available', sinceMs: sinceMs as EpochMs }],
  dimensions: { agent: agentId },
})
const field = openField(since(0).row)
const times = { logTimeMs: 0 as EpochMs, watermarkMs: 0 as EpochMs }

function written(changes: ChangeSet): unknown {
  return changes.finish(times).fields?.map((one) => {
    const [interval] = one.bytes === null ? [] : decodeOpen(one.field, one.bytes).intervals
    return {
      key: one.key,
      field: one.field,
      sinceMs: interval?.sinceMs ?? null,
      slices: interval?.slices,
    }
  })
}

type Told = readonly (readonly [by: string, sinceMs: number | null])[]

test.each<{ rule: string; told: Told; sinceMs: number | null }>([
  { rule: 'what begins', told: [['day-1', 10]], sinceMs: 10 },
  { rule: 'what ends', told: [['day-1', null]], sinceMs: null },
  {
    rule: 'what a subject began and ended',
    told: [
      ...([
        ['day-1', 10],
        ['day-1', null],
      ] as const),
    ],
    sinceMs: null,
  },
  {
    rule: 'what a subject ended and began anew',
    told: [
      ...([
        ['day-1', null],
        ['day-1', 20],
      ] as const),
    ],
    sinceMs: 20,
  },
  {
    rule: 'what one subject ends and another goes on with',
    told: [
      ...([
        ['day-1', null],
        ['day-2', 20],
      ] as const),
    ],
    sinceMs: 20,
  },
  {
    rule: 'the same, told the other way round',
    told: [
      ...([
        ['day-2', 20],
        ['day-1', null],
      ] as const),
    ],
    sinceMs: 20,
  },
  {
    rule: 'what the other ends in its turn',
    told: [
      ...([
        ['day-2', 20],
        ['day-1', null],
        ['day-2', null],
      ] as const),
    ],
    sinceMs: null,
  },
])('$rule is one change, in all of its slices', ({ told, sinceMs }) => {
  const changes = new ChangeSet()
  for (const [by, at] of told) changes.open(tenant, by, field, at === null ? null : since(at))
  const slices =
    sinceMs === null ? undefined : ['all', 'agent=7'].map((text) => tenant.slices.idOf(text))
  expect(written(changes)).toEqual([{ key, field, sinceMs, slices }])
})

test('subjects are changed each by itself', () => {
  const changes = new ChangeSet()
  changes.open(tenant, 'day-1', 'a7', since(10))
  changes.open(tenant, 'day-1', 'a8', null)
  expect(written(changes)).toMatchObject([
    { field: 'a7', sinceMs: 10 },
    { field: 'a8', sinceMs: null },
  ])
})
