import assert from 'node:assert/strict'
import type { AlertRecord } from '@deskpulse/contract'
import { type OutboxEntry, PartitionLost } from '@deskpulse/stream'
import { inTurn } from '../../partition/in-turn.ts'
import {
  type Decided,
  type Ledger,
  type LedgerChange,
  type LedgerReads,
} from '../../partition/ledger.ts'
import type { Role } from '../../partition/role.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** What outlives a crash. */
export class Disk {
  readonly records = new Map<string, Uint8Array>()
  readonly lists = new Map<string, Map<string, number>>()
  readonly out: OutboxEntry[] = []
  /** Of the topic: taken in with a change. */
  offset = 0
  commits = 0
  /** Round trips in which records were read. */
  reads = 0

  write({ puts, lists, out }: LedgerChange): void {
    this.commits++
    for (const { key, bytes } of puts) {
      assert.ok(key.startsWith('post:'), key)
      if (bytes === null) this.records.delete(key)
      else this.records.set(key, bytes)
    }
    for (const { key, member, score } of lists) {
      assert.ok(key.startsWith('o:post:'), key)
      const members = this.lists.get(key) ?? new Map<string, number>()
      if (score === null) members.delete(member)
      else members.set(member, score)
      this.lists.set(key, members)
    }
    this.out.push(...out)
  }
}

/** Where a process dies: before a change is written, or after it, before anybody hears of it. */
export type Death = 'before-write' | 'after-write'

export type MemoryLedger = Ledger & {
  /** Gives records to a role as the owner of a partition does; `toOffset` is stored with what they change. */
  intake(role: Role, records: readonly AlertRecord[], toOffset: number): Promise<void>
  lose(): void
}

export type MemoryLedgerOptions = {
  readonly disk: Disk
  readonly clock: VirtualClock
  readonly commitMs?: () => number
  /** Asked at each change that writes something. */
  readonly death?: () => Death | null
}

export function memoryLedger({
  disk,
  clock,
  commitMs = () => 0,
  death = () => null,
}: MemoryLedgerOptions): MemoryLedger {
  const turns = inTurn()
  let isLost = false

  const refuseLost = (): void => {
    if (isLost) throw new PartitionLost('the process died')
  }
  const reads = (): LedgerReads => ({
    nowMs: clock.nowMs(),
    values(keys) {
      refuseLost()
      disk.reads += 1
      return Promise.resolve(keys.map((key) => disk.records.get(key) ?? null))
    },
    list(key, count) {
      refuseLost()
      const members = [...(disk.lists.get(key) ?? [])]
        .filter(([, score]) => score <= clock.nowMs())
        .sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
      const first = members.slice(0, count).map(([member, score]) => ({ member, score }))
      return Promise.resolve({ count: members.length, first })
    },
  })

  async function write(change: LedgerChange, toOffset: number): Promise<void> {
    refuseLost()
    if (
      change.puts.length + change.lists.length + change.out.length === 0 &&
      toOffset === disk.offset
    )
      return
    if (commitMs() > 0) await clock.sleep(commitMs())
    refuseLost()
    const dies = death()
    if (dies !== 'before-write') {
      disk.write(change)
      disk.offset = toOffset
    }
    if (dies !== null) isLost = true
    refuseLost()
  }

  async function change<Result>(
    decide: (reads: LedgerReads) => Promise<Decided<Result>>,
  ): Promise<Result> {
    refuseLost()
    const decided = await decide(reads())
    await write(decided.change, disk.offset)
    return decided.result
  }

  return {
    change: (decide) => turns(() => change(decide)),
    intake: (role, records, toOffset) =>
      turns(async () => {
        refuseLost()
        const { change, taken } = await role.take(records, reads())
        await write(change, toOffset)
        taken()
      }),
    lose: () => void (isLost = true),
  }
}
