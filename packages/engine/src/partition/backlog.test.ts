import {
  backlogKey,
  backlogMembersKey,
  decodePlace,
  decodeTally,
  splitMember,
} from '@deskpulse/core/state'
import type { InBacklog } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { ChangeSet } from './change-set.ts'
import { Tenant } from './tenant.ts'

const times = { logTimeMs: 0 as EpochMs, watermarkMs: 0 as EpochMs }
const opened = (queue: string): InBacklog => ({
  sinceMs: 0 as EpochMs,
  clock: 'calendar',
  ...{ queue: null, limitMs: null, dueAfterMs: null },
  dimensions: { queue, channel: 'chat' },
})

function tenantWith(stored: ReadonlyMap<string, Uint8Array>, slices: Uint8Array | null): Tenant {
  const tenant = new Tenant('acme', [null, slices], stored)
  tenant.useDefault()
  return tenant
}

/** What a commit writes, by the texts of the slices. */
function written(tenant: Tenant): {
  fields: Map<string, Uint8Array | null>
  counts: Record<string, number>
} {
  const changes = new ChangeSet()
  tenant.backlog.write(changes)
  const fields = changes.finish(times).fields!.filter(({ key }) => key === backlogKey('acme'))
  const counts = fields.map(({ field, bytes }) => [
    tenant.slices.textOf(Number(field)),
    bytes === null ? 0 : decodeTally(bytes),
  ])
  return {
    fields: new Map(fields.map(({ field, bytes }) => [field, bytes])),
    counts: Object.fromEntries(counts) as Record<string, number>,
  }
}

test('a contact counts in each of its slices until it is taken back; of what changed alone is written', () => {
  const tenant = tenantWith(new Map(), null)
  tenant.backlog.replace('c-1', null, opened('billing'))
  tenant.backlog.replace('c-2', null, opened('sales'))
  const { counts } = written(tenant)
  expect(counts).toMatchObject({ all: 2, 'queue=billing': 1, 'queue=sales': 1, 'channel=chat': 2 })
  tenant.backlog.replace('c-1', opened('billing'), null)
  const after = written(tenant)
  expect(after.counts).toMatchObject({ all: 1, 'queue=billing': 0, 'channel=chat': 1 })
  expect(after.counts).not.toHaveProperty('queue=sales')
  expect(after.fields.get(String(tenant.slices.idOf('queue=billing')))).toBeNull()
  expect(written(tenant).counts).toEqual({})
})

test('a worker that takes over goes on with what is stored', () => {
  const before = tenantWith(new Map(), null)
  before.backlog.replace('c-1', null, opened('billing'))
  before.backlog.replace('c-2', null, opened('billing'))
  const stored = new Map(
    [...written(before).fields].filter((field): field is [string, Uint8Array] => field[1] !== null),
  )
  const after = tenantWith(stored, before.slices.encode())
  after.backlog.replace('c-1', opened('billing'), null)
  expect(written(after).counts).toMatchObject({ all: 1, 'queue=billing': 1 })
})

test('who is open is written as it changes, with the slices in which it counts', () => {
  const tenant = tenantWith(new Map(), null)
  const members = () => {
    const changes = new ChangeSet()
    tenant.backlog.write(changes)
    const fields = changes.finish(times).fields!
    return fields
      .filter(({ key }) => key === backlogMembersKey('acme'))
      .map(({ field, bytes }) => {
        const member = bytes === null ? null : decodePlace(splitMember(bytes).place)
        return [field, member?.slices.map((slice) => tenant.slices.textOf(slice)) ?? null]
      })
  }
  tenant.backlog.replace('c-1', null, opened('billing'))
  expect(members()).toEqual([['c-1', expect.arrayContaining(['all', 'queue=billing'])]])
  tenant.backlog.replace('c-1', opened('billing'), opened('sales'))
  expect(members()).toEqual([['c-1', expect.not.arrayContaining(['queue=billing'])]])
  expect(members()).toEqual([])
  tenant.backlog.replace('c-1', opened('sales'), null)
  expect(members()).toEqual([['c-1', null]])
})
