import type { EpochMs } from '../time/time.ts'
import type { EventType, MessageSender } from './types.ts'

/** An amount in minor units of a currency: 12900 `CNY` are 129 yuan. Never added to one of another currency. */
export type Money = { readonly amountMinor: number; readonly currency: string }

/**
 * The `data` of an event as the folds see it: validated by `contract`, unknown attributes left out. One wide type, since a fold reads a
 * handful of fields whatever the type is; which fields a type has, and which it must have, is `contract`'s schema.
 */
export type EventData = {
  readonly contactId?: string
  readonly customerId?: string
  readonly agentId?: string
  readonly fromAgentId?: string
  readonly channel?: string
  readonly queue?: string
  readonly direction?: 'inbound' | 'outbound'
  readonly openedBy?: 'customer' | 'agent' | 'bot' | 'system'
  readonly handledBy?: 'human' | 'bot'
  readonly topic?: string
  readonly intent?: string
  readonly priority?: string
  readonly skill?: string
  readonly shop?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly inAuthority?: boolean
  readonly offline?: boolean
  readonly reason?: string
  readonly from?: MessageSender | string // `agent.rostered` has a date here.
  readonly teams?: readonly string[]
  readonly role?: string
  readonly aliases?: readonly string[]
  readonly visibility?: 'public' | 'private'
  readonly automatic?: boolean | 'assisted'
  readonly messageId?: string
  readonly to?: 'human' | 'bot'
  readonly by?: 'customer' | 'agent' | 'system'
  readonly byAgentId?: string
  readonly kind?: string
  readonly state?: string
  readonly talkMs?: number
  readonly holdMs?: number
  readonly holds?: number
  readonly wrapUpMs?: number
  readonly capacity?: Readonly<Record<string, number>>
  readonly money?: Money
  readonly orderId?: string
  readonly goesOn?: boolean
  readonly [field: string]: unknown
}

/** One accepted fact from a source. (`source`, `id`) is its identity; `time` is when it happened, not when it came. */
export type CanonicalEvent = {
  readonly type: EventType
  readonly id: string
  readonly source: string
  readonly timeMs: EpochMs
  /** Digits without leading zeros; '0' when the source gave none. Compared as an integer of any length. */
  readonly sequence: string
  readonly tenant: string
  readonly data: EventData
}

/** The agents that an event names, in whatever role. */
export function agentsNamed({ agentId, fromAgentId, toAgentId, byAgentId }: EventData): string[] {
  return [agentId, fromAgentId, toAgentId, byAgentId].filter((name) => typeof name === 'string')
}

export const isSurvey = ({ type }: Pick<CanonicalEvent, 'type'>): boolean =>
  type === 'survey.sent' || type === 'survey.answered'
