import {
  type AlertCommand,
  type AlertRecord,
  decodeAlertRecord,
  type EndpointConfig,
  type EndpointKind,
  type Notice,
} from '@deskpulse/contract'
import type { AlertTransition } from '@deskpulse/core/alerts'
import type { PartitionId, StateStore } from '@deskpulse/stream'
import type { Channel } from '../../channels/channel.ts'
import type { Role } from '../../partition/role.ts'
import { noticeOf } from '../../testing/notices.ts'
import type { DeliveryOptions } from '../context.ts'
import { openDelivery } from '../delivery.ts'
import { Disk, memoryLedger, type Death, type MemoryLedger } from './memory-ledger.ts'
import { channelWith, endpointOf, Receivers } from './receivers.ts'
import { VirtualClock } from './virtual-clock.ts'

export const partition = 0 as PartitionId

export type RigOptions = {
  readonly endpoints?: readonly EndpointConfig[]
  readonly channel?: Channel
  /** Instead of one channel for all. */
  readonly channels?: (kind: EndpointKind) => Channel
  readonly commitMs?: number
  readonly random?: () => number
  readonly limits?: DeliveryOptions['limits']
}

/** A delivery role with a ledger in memory and receivers, on a virtual clock. It can die and be started again on what was written. */
export class Rig {
  readonly clock = new VirtualClock()
  readonly disk = new Disk()
  readonly receivers = new Receivers(this.clock)
  readonly telemetry: string[] = []
  endpoints: readonly EndpointConfig[]
  channel: Channel
  /** Whether alerts could be told. */
  canTell = true
  death: () => Death | null = () => null
  /** When processes died. */
  readonly diedMs: number[] = []
  /** How long a write takes from now on. */
  commitMs: number
  private readonly options: RigOptions
  private readonly topic: AlertRecord[] = []
  private alive: { isAlive: boolean; readonly role: Role; readonly ledger: MemoryLedger } | null =
    null

  constructor(options: RigOptions = {}) {
    this.options = options
    this.endpoints = options.endpoints ?? [endpointOf('floor')]
    this.channel = options.channel ?? channelWith()
    this.commitMs = options.commitMs ?? 0
  }

  get isAlive(): boolean {
    return this.alive?.isAlive ?? false
  }

  /** Begins a process, which reads on from what was taken in. */
  async start(): Promise<void> {
    const process = { isAlive: true } as { isAlive: boolean; role: Role; ledger: MemoryLedger }
    const { random = () => 0.5, limits } = this.options
    const death = (): Death | null => {
      const dies = this.death()
      if (dies === null) return null
      process.isAlive = false
      this.diedMs.push(this.clock.atMs)
      return dies
    }
    process.ledger = memoryLedger({
      disk: this.disk,
      clock: this.clock,
      commitMs: () => this.commitMs,
      death,
    })
    process.role = openDelivery({
      ...{
        partition,
        endpoints: this.endpoints,
        channelOf: this.options.channels ?? (() => this.channel),
        topics: { alerts: 'alerts' },
        canTell: () => Promise.resolve(this.canTell),
        random,
        limits,
      },
      ...{
        nowMs: this.clock.nowMs,
        timer: this.clock,
        sender: this.receivers.sender(() => process.isAlive),
      },
      telemetry: {
        attempted: () => {},
        overflowed: (endpoint, notices) => this.telemetry.push(`overflowed ${endpoint} ${notices}`),
        notRenewed: (endpoint) => this.telemetry.push(`not renewed ${endpoint}`),
        disabled: (endpoint, reason) => this.telemetry.push(`disabled ${endpoint} ${reason}`),
        enabled: (endpoint) => this.telemetry.push(`enabled ${endpoint}`),
        broken: (_, error) => this.telemetry.push(`broken ${String((error as Error).stack)}`),
      },
    })
    this.alive = process
    void process.role
      .start(process.ledger, { createdMs: this.clock.nowMs(), wasCaughtUp: this.disk.offset > 0 })
      .then(() => this.read())
      .then(() => process.role.begin())
      .catch(() => {}) // It died.
    await this.clock.pass(2 * this.commitMs)
  }

  /** The process dies: nothing more is sent, written or heard. */
  kill(): void {
    if (this.alive === null) return
    if (this.alive.isAlive) this.diedMs.push(this.clock.atMs)
    this.alive.isAlive = false
    this.alive.ledger.lose()
    this.alive = null
  }

  async stop(): Promise<void> {
    const stopping = this.alive!.role.stop()
    let isOver = false
    void stopping.finally(() => void (isOver = true))
    for (let passedMs = 0; !isOver && passedMs < 60_000; passedMs += 50) await this.clock.pass(50)
    await stopping
    this.kill()
  }

  /** Appends to the topic; a process that is there takes it in. */
  async give(...records: readonly AlertRecord[]): Promise<void> {
    this.topic.push(...records)
    void this.read().catch(() => {})
    await this.clock.pass(0)
  }

  tell(endpoint: string, changes: Partial<Notice>): Promise<void> {
    return this.give(noticeTo(endpoint, changes))
  }

  /** The last records of the topic come once more. */
  repeatLast(count: number): Promise<void> {
    return this.give(...this.topic.slice(-count))
  }

  /** Another process has the partition now; this one goes on. */
  loseLedger(): void {
    this.alive?.ledger.lose()
  }

  private commands = 0
  ask(command: Asked): Promise<void> {
    return this.give(commandOf(`command-${++this.commands}`, command))
  }

  transitions(): readonly AlertTransition[] {
    return this.disk.out.flatMap(({ bytes }) => {
      const record = decodeAlertRecord(bytes)
      return record.kind === 'transition' ? [record.transition] : []
    })
  }

  /** What readers see of the store. */
  store(): StateStore {
    const read: StateStore['read'] = async (_, { keys, lists = [] }) => {
      const ledger = memoryLedger({ disk: this.disk, clock: this.clock })
      return ledger.change(async (reads) => {
        const values = await reads.values(keys)
        const listed = await Promise.all(lists.map(({ key, members }) => reads.list(key, members)))
        return {
          change: { puts: [], lists: [], out: [] },
          result: { values, lists: listed } as never,
        }
      })
    }
    return { read } as StateStore
  }

  private async read(): Promise<void> {
    if (this.alive === null) return
    const { ledger, role } = this.alive
    const from = this.disk.offset
    if (from >= this.topic.length) return
    await ledger.intake(role, this.topic.slice(from), this.topic.length)
  }
}

export type Asked =
  | { readonly kind: 'enable-endpoint' | 'test-endpoint'; readonly endpoint: string }
  | { readonly kind: 'resend'; readonly endpoint: string; readonly deliveryId: string }

export function commandOf(id: string, asked: Asked): AlertRecord {
  return { kind: 'command', command: { id, author: 'ann', atMs: 0, ...asked } as AlertCommand }
}

export function noticeTo(endpoint: string, changes: Partial<Notice>): AlertRecord {
  return { kind: 'notice', endpoint, notice: noticeOf(changes) }
}

export const resolved = { status: 'resolved', end: 'over' } as const
export const retracted = { status: 'resolved', end: 'retracted' } as const
