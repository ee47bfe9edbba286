import type { ProblemCode } from '@deskpulse/contract'
import { CommandFailure } from '../command-line/failure.ts'

/** Why a receiver takes nothing of a tenant. */
export const tenantCodes = ['unknown-tenant', 'too-many-tenants'] as const satisfies ProblemCode[]
export type TenantCode = (typeof tenantCodes)[number]

/** The receiver takes nothing of this tenant; nothing of the batch arrived. */
export class TenantRefused extends CommandFailure {
  readonly code: TenantCode
  constructor(message: string, code: TenantCode) {
    super(message)
    this.name = 'TenantRefused'
    this.code = code
  }
}

/** One event that was not taken, by the receiver's own words: it may be of another version. */
export type Refusal = { readonly code: string; readonly id: string | null; readonly detail: string }

/** What became of a batch: accepted + refused = its size. At most `refusalsKeptMax` refusals are spelled out, all are counted. */
export type SendResult = {
  readonly accepted: number
  readonly refusedByCode: ReadonlyMap<string, number>
  readonly refusals: readonly Refusal[]
}

/** Takes events as JSON texts without line breaks, in order. */
export type Sender = {
  /** Where events go, for people. */
  readonly target: string
  /** Most events that one batch may hold. */
  readonly batchMax: number
  /** `false`: nothing is known of refusals here, they come to the dead-letter topic. */
  readonly tellsRefusals: boolean
  /** Resolves when the receiver has the batch for good. @throws CommandFailure when it does not take it. */
  send(lines: readonly string[], signal: AbortSignal): Promise<SendResult>
  close(): Promise<void>
}

export const refusalsKeptMax = 10

export function allAccepted(count: number): SendResult {
  return { accepted: count, refusedByCode: new Map(), refusals: [] }
}

export function added(one: SendResult, other: SendResult): SendResult {
  const refusedByCode = new Map(one.refusedByCode)
  for (const [code, count] of other.refusedByCode)
    refusedByCode.set(code, (refusedByCode.get(code) ?? 0) + count)
  return {
    accepted: one.accepted + other.accepted,
    refusedByCode,
    refusals: [...one.refusals, ...other.refusals].slice(0, refusalsKeptMax),
  }
}

export function refusedTotal(result: SendResult): number {
  return result.refusedByCode.values().reduce((sum, count) => sum + count, 0)
}
