import { type AlertRecord, encodeAlertRecord } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import { type OutboxEntry, fromJsonBytes, jsonBytes } from '@deskpulse/stream'
import type { LedgerChange, LedgerReads } from '../partition/ledger.ts'
import type { DeliveryContext, DeliveryTelemetry } from './context.ts'
import type { DeliveryLimits } from './limits.ts'
import type { RecordKey } from './records.ts'

type Written = { readonly value: unknown; readonly expiresInMs: number | undefined }

/** One decision: what it may use, and its change while that grows. It reads what it has written. */
export class Draft {
  readonly nowMs: EpochMs
  readonly limits: DeliveryLimits
  readonly telemetry: DeliveryTelemetry
  readonly random: () => number
  private readonly topic: string
  private readonly reads: LedgerReads
  private readonly known = new Map<string, unknown>()
  private readonly written = new Map<string, Written>()
  private readonly placed = new Map<string, Map<string, number | null>>()
  private readonly leaving: OutboxEntry[] = []

  constructor(reads: LedgerReads, nowMs: EpochMs, context: DeliveryContext) {
    this.reads = reads
    this.nowMs = nowMs
    this.limits = context.limits
    this.telemetry = context.telemetry
    this.random = context.random
    this.topic = context.topics.alerts
  }

  /** Reads all of them in one round trip; a later `get` of one costs nothing. */
  async load(keys: Iterable<string>): Promise<void> {
    const unknown = [...new Set(keys)].filter((key) => !this.known.has(key))
    if (unknown.length === 0) return
    const values = await this.reads.values(unknown)
    for (const [at, key] of unknown.entries()) {
      const bytes = values[at] ?? null
      this.known.set(key, bytes === null ? null : fromJsonBytes(bytes))
    }
  }

  async get<Value>(key: RecordKey<Value>): Promise<Value | null> {
    await this.load([key])
    return this.known.get(key) as Value | null
  }

  /** `null` removes. */
  put<Value>(key: RecordKey<Value>, value: Value | null, expiresInMs?: number): void {
    this.known.set(key, value)
    this.written.set(key, { value, expiresInMs })
  }

  /** Lists a member at a place; `null`: not any more. */
  place(list: string, member: string, score: number | null): void {
    const members = this.placed.get(list) ?? new Map<string, number | null>()
    members.set(member, score)
    this.placed.set(list, members)
  }

  /** All members as they are stored: what this draft placed is not among them. */
  async listed(list: string): Promise<readonly string[]> {
    const { count } = await this.reads.list(list, 0)
    if (count === 0) return []
    const { first } = await this.reads.list(list, count)
    return first.map(({ member }) => member)
  }

  /** Puts a record on the topic of alerts. `id`: the same for the same record. */
  send(id: string, key: string, record: AlertRecord): void {
    this.leaving.push({ id, topic: this.topic, key, bytes: encodeAlertRecord(record) })
  }

  change(): LedgerChange {
    return {
      puts: [...this.written].map(([key, { value, expiresInMs }]) => ({
        ...{ key, expiresInMs },
        bytes: value === null ? null : jsonBytes(value),
      })),
      lists: [...this.placed].flatMap(([key, members]) =>
        [...members].map(([member, score]) => ({ key, member, score })),
      ),
      out: this.leaving,
    }
  }
}
