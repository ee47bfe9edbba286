import type { EndpointConfig, Notice } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import type { Channel } from '../channels/channel.ts'
import { isUnderWay } from './attempts.ts'
import type { Draft } from './draft.ts'
import { unknownHealth, type Health } from './health.ts'
import { gravest, isRenewalId, type NoticeRef } from './notice-ref.ts'
import { deliveryLimits } from './limits.ts'
import { type DeliveryRecord, type EndpointRecord, listKeys, recordKeys } from './records.ts'
import { RenewedAlerts } from './renewed-alerts.ts'
import { WaitingQueue } from './waiting-queue.ts'

/** Where an endpoint's messages go, and how. An endpoint that is not configured any more has no target. */
export type Target = { readonly config: EndpointConfig; readonly channel: Channel }

/** A message that was begun and not ended, as it is held in memory: without its texts. */
export type OpenMessage = {
  readonly id: string
  readonly turn: number
  readonly refs: readonly NoticeRef[]
  readonly gravity: number
  readonly test: boolean
  /** It tells what the endpoint took in before. */
  readonly isRenewal: boolean
  attempts: number
  dueMs: EpochMs
  /** A person wants an attempt that has not begun yet. */
  asked: boolean
  /** It may have arrived, though nothing said so. */
  unsure: boolean
  underWay: boolean
}

export function openMessage(record: DeliveryRecord): OpenMessage {
  const { id, turn, notices, test, attempts, dueMs, asked, unsure } = record
  return {
    ...{ id, turn, test, asked, isRenewal: isRenewalId(id) },
    refs: notices,
    gravity: gravest(notices),
    attempts: attempts.count,
    dueMs: dueMs ?? (0 as EpochMs),
    unsure: unsure || isUnderWay(attempts), // Nobody saw how that attempt ended.
    underWay: false,
  }
}

/** One endpoint in memory: what is stored of it, as far as deciding what comes next needs it. Changed by decisions of the ledger alone. */
export class Endpoint {
  readonly name: string
  readonly target: Target | null
  readonly queue = new WaitingQueue()
  readonly open = new Map<string, OpenMessage>()
  readonly renewed = new RenewedAlerts()
  /** Ids of listed messages, the oldest first. */
  readonly log: string[] = []
  health: Health = unknownHealth
  lastBeganMs: EpochMs | null = null
  seq = 0
  configHash: string | null = null
  commands: string[] = []
  /** Until then what was found late waits to be summarised; nothing tells when it came before this process, so it waits a whole time again. */
  gatherUntilMs = 0
  /** Something came or failed since newer states were last compared with what is open. */
  isDirty = true
  /** How many open messages hold the alert. */
  private readonly holders = new Map<string, number>()
  /** Alerts that messages under way are about. */
  readonly busy = new Set<string>()
  underWay = 0
  /** The endpoint's own record as it was last written. */
  private written = ''

  constructor(name: string, target: Target | null) {
    this.name = name
    this.target = target
  }

  get isIdle(): boolean {
    return this.queue.size === 0 && this.open.size === 0 && this.renewed.size === 0
  }

  /** Whether its channel wants to be told again of what fires. */
  get renews(): boolean {
    return this.target?.channel.renewMs !== undefined
  }

  isHeld(alertId: string): boolean {
    return this.holders.has(alertId)
  }

  isBusy(message: OpenMessage): boolean {
    return message.refs.some(({ alertId }) => this.busy.has(alertId))
  }

  gather(nowMs: EpochMs): void {
    if (this.gatherUntilMs <= nowMs) this.gatherUntilMs = nowMs + deliveryLimits.summaryGatherMs
  }

  /** What the notice is summarised with here; `null`: it goes by itself. */
  summaryOf({ summary }: NoticeRef): string | null {
    return this.target?.channel.groups === true ? null : summary
  }

  hold(message: OpenMessage): void {
    this.open.set(message.id, message)
    for (const { alertId } of message.refs)
      this.holders.set(alertId, (this.holders.get(alertId) ?? 0) + 1)
  }

  release(message: OpenMessage): void {
    this.open.delete(message.id)
    for (const { alertId } of message.refs) {
      const left = this.holders.get(alertId)! - 1
      if (left === 0) this.holders.delete(alertId)
      else this.holders.set(alertId, left)
    }
  }

  began(message: OpenMessage): void {
    message.underWay = true
    message.asked = false // Asked for once more while it is under way, it is tried once more.
    message.attempts++
    this.underWay++
    for (const { alertId } of message.refs) this.busy.add(alertId)
  }

  ended(message: OpenMessage): void {
    message.underWay = false
    this.underWay--
    for (const { alertId } of message.refs) this.busy.delete(alertId)
  }

  /** Writes the endpoint's own record if it is another than before. */
  save(draft: Draft): void {
    const { name, health, lastBeganMs, seq, configHash, commands } = this
    const record: EndpointRecord = { health, lastBeganMs, seq, configHash, commands }
    const text = JSON.stringify(record)
    if (text === this.written) return
    this.written = text
    draft.put(recordKeys.endpoint(name), record)
    if (this.target !== null || !this.isIdle) draft.place(listKeys.endpoints, name, 1)
  }
}

/** A message that is to be sent now. The store holds already that it begins. */
export type Request = {
  readonly endpoint: Endpoint
  readonly target: Target
  readonly message: OpenMessage
  readonly notices: readonly Notice[]
}
