import {
  decodeGaps,
  encodeGapAcknowledgement,
  encodeGapEntry,
  entryKinds,
} from '@deskpulse/contract'
import { installationTenant } from '@deskpulse/core/alerts'
import type { FoundGap } from '@deskpulse/core/events'
import { gapsKey, tenantsKey } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import type { Acquired, Entry, Epoch, Offset, PartitionId } from '@deskpulse/stream'
import { describe, expect, test } from 'vitest'
import { at, logOf, opened, tenant } from '../testing/alert-log.ts'
import { foldLog, lettersOf, recordOf, transitionsOf } from '../testing/fold-log.ts'
import { measuresOf } from '../testing/measures.ts'
import { MemoryStore } from '../replay/memory-store.ts'
import { decodeJson } from './journal.ts'
import { PartitionFolder } from './partition-folder.ts'

const rawGap: FoundGap = {
  topic: 'raw',
  partition: 3,
  from: 50,
  to: 120,
  sinceMs: at(10),
  untilMs: at(40),
}
const gap = (changed: Partial<FoundGap> = {}): Entry => ({
  ...{ tenant: installationTenant, kind: entryKinds.gap },
  bytes: encodeGapEntry({ ...rawGap, ...changed }),
})
const acknowledged = (gapId: string): Entry => ({
  ...{ tenant: installationTenant, kind: entryKinds.gapAcknowledgement },
  bytes: encodeGapAcknowledgement({ gapId, author: 'Li', comment: 'sent again', atMs: at(90) }),
})
const gapsOf = (store: MemoryStore) => decodeGaps(store.records.get(gapsKey) ?? Buffer.from('[]'))

describe('records that are gone from the raw topic', () => {
  test('are an alert of the installation, until somebody acknowledges it', async () => {
    const store = await foldLog(
      logOf([0, opened(0, 'c')], [60, gap()], [90, acknowledged('raw-3-50')]),
    )
    expect(transitionsOf(store)).toMatchObject([
      {
        ...{
          tenant: installationTenant,
          rule: 'records-lost',
          subject: 'records/raw-3-50',
          number: 1,
          severity: 'critical',
        },
        ...{
          status: 'firing',
          value: 70,
          unit: 'count',
          sinceMs: at(10),
          startedMs: at(60),
          endedMs: null,
          late: false,
        },
      },
      {
        subject: 'records/raw-3-50',
        number: 1,
        status: 'resolved',
        end: 'over',
        startedMs: at(60),
        endedMs: at(90),
      },
    ])
    expect(gapsOf(store)).toEqual([
      {
        ...rawGap,
        number: 1,
        foundMs: at(60),
        acknowledged: { author: 'Li', comment: 'sent again', atMs: at(90) },
      },
    ])
  })

  test('are told once, however often they are found, and again when more are gone after it was acknowledged', async () => {
    const steps = [
      [1, gap()],
      [2, gap()],
      [3, gap({ to: 130 })],
      [4, acknowledged('raw-3-50')],
      [5, gap()],
      [6, gap({ to: 140 })],
    ] as const
    const told = transitionsOf(await foldLog(logOf(...steps))).map(
      ({ status, number, value }) => `${status} #${number} ${value}`,
    )
    expect(told).toEqual(['firing #1 70', 'resolved #1 80', 'firing #2 90'])
  })

  test('are told by one partition, and known to all', async () => {
    const stores = await Promise.all(
      [0, 1, 2, 3].map((partition) => foldAt(partition as PartitionId, 4)),
    )
    expect(stores.map((store) => gapsOf(store).length)).toEqual([1, 1, 1, 1])
    expect(stores.flatMap((store) => transitionsOf(store))).toHaveLength(1)
  })

  test('give the same however the log is cut, and change no tenant and no measure', async () => {
    const log = logOf(
      [0, opened(0, 'c')],
      [10, gap(), acknowledged('raw-3-50')],
      [20, opened(20, 'd'), gap({ partition: 4 })],
    )
    const whole = await foldLog(log)
    const cut = await foldLog(log, { batchSizes: [1], restartAt: new Set([1, 2]) })
    expect(gapsOf(cut)).toEqual(gapsOf(whole))
    expect(transitionsOf(cut)).toEqual(transitionsOf(whole))
    expect(decodeJson(whole.records.get(tenantsKey)!)).toEqual([tenant])
    expect(lettersOf(whole)).toEqual([])
    expect(measuresOf(whole, tenant)).toEqual(
      measuresOf(await foldLog(logOf([0, opened(0, 'c')], [20, opened(20, 'd')])), tenant),
    )
  })

  test('that cannot be read are refused, as every entry is', async () => {
    const entry = { ...gap(), bytes: Buffer.from('{}') }
    expect(lettersOf(await foldLog(logOf([0, entry])))).toMatchObject([
      { headers: { code: 'entry-unreadable' } },
    ])
  })
})

function folderAt(
  partition: PartitionId,
  partitions: number,
  acquired: Partial<Acquired> = {},
): PartitionFolder {
  const telemetry = { refused: () => {}, folded: () => {}, decided: () => {}, clock: () => {} }
  const position = {
    offset: 0 as Offset,
    logTimeMs: 0 as EpochMs,
    watermarkMs: 0 as EpochMs,
    epoch: '1' as Epoch,
    ...acquired,
  }
  return new PartitionFolder(partition, position, {
    partitions,
    deadLetterTopic: 'd',
    alertsTopic: 'deskpulse.alerts',
    closedTopic: 'deskpulse.closed',
    telemetry,
  })
}

async function foldAt(partition: PartitionId, partitions: number): Promise<MemoryStore> {
  const store = new MemoryStore()
  store.apply((await folderAt(partition, partitions).fold(logOf([60, gap()]), store.load)).change)
  return store
}

describe('records that are gone from the log', () => {
  const lost = { from: 2 as Offset, to: 9 as Offset }
  const after = recordOf(9, at(50), [opened(50, 'd')])

  test('are known of since the log time that was folded, up to the first record after them, and told at it', async () => {
    const store = await foldLog(logOf([0, opened(0, 'c')], [20]))
    const folder = folderAt(0 as PartitionId, 1, { offset: lost.from, logTimeMs: at(20) })
    store.apply((await folder.fold([after], store.load, lost)).change)
    const found = { topic: 'log', partition: 0, from: 2, to: 9, sinceMs: at(20), untilMs: at(50) }
    expect(gapsOf(store)).toEqual([{ ...found, number: 1, foundMs: at(50), acknowledged: null }])
    expect(transitionsOf(store)).toMatchObject([
      {
        subject: 'records/log-0-2',
        status: 'firing',
        value: 7,
        sinceMs: at(20),
        startedMs: at(50),
      },
    ])
  })

  test('before the first record that was ever folded are known of since nobody knows when', async () => {
    const store = new MemoryStore()
    store.apply(
      (
        await folderAt(0 as PartitionId, 1).fold([after], store.load, {
          from: 0 as Offset,
          to: 9 as Offset,
        })
      ).change,
    )
    expect(gapsOf(store)).toMatchObject([{ from: 0, to: 9, sinceMs: 0, untilMs: at(50) }])
  })
})
