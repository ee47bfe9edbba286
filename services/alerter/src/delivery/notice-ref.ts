import { createHash } from 'node:crypto'
import { type Notice, summaryKeyOf } from '@deskpulse/contract'
import { alertSeverities, type AlertSeverity } from '@deskpulse/core'

/** What is remembered of a notice where its text is not needed. `alertId`, `status` and `repeat` are its identity at one endpoint. */
export type NoticeRef = Pick<
  Notice,
  'alertId' | 'status' | 'repeat' | 'tenant' | 'rule' | 'severity'
> & {
  readonly retracted: boolean
  /** See `summaryKeyOf`. */
  readonly summary: string | null
}

export function refOf(notice: Notice): NoticeRef {
  const { alertId, status, repeat, tenant, rule, severity, end } = notice
  return {
    alertId,
    status,
    repeat,
    tenant,
    rule,
    severity,
    retracted: end === 'retracted',
    summary: summaryKeyOf(notice),
  }
}

/** One state of an alert, told once. */
export type NoticeState = Pick<NoticeRef, 'status' | 'repeat'>

export const isSame = (one: NoticeState, other: NoticeState): boolean =>
  one.status === other.status && one.repeat === other.repeat

/** An alert's states come in one order: firing, its repeats, resolved. Nothing follows but what is newer. */
export function isNewer(one: NoticeState, than: NoticeState): boolean {
  if (one.status !== than.status) return one.status === 'resolved'
  return one.repeat > than.repeat
}

/** 0 = info. */
export const gravity = (severity: AlertSeverity): number => alertSeverities.indexOf(severity)
export const gravest = (refs: readonly NoticeRef[]): number =>
  Math.max(...refs.map(({ severity }) => gravity(severity)))

/** A message's id, and so its `webhook-id`: the same for the same notices to the same endpoint, in whatever order and after whatever crash. */
export function messageIdOf(
  endpoint: string,
  notices: readonly Pick<NoticeRef, 'alertId' | 'status' | 'repeat'>[],
): string {
  const keys = notices
    .map(({ alertId, status, repeat }) => `${alertId}/${status}/${repeat}`)
    .toSorted()
  const digest = createHash('sha256').update(JSON.stringify([endpoint, ...keys]))
  return `msg_${digest.digest('hex').slice(0, 32)}`
}

const renewalPrefix = 'again_'

/** The id of a message that tells the same again: each is a new one. @param seq its number at the endpoint */
export function renewalIdOf(endpoint: string, seq: number): string {
  const digest = createHash('sha256').update(JSON.stringify([endpoint, seq]))
  return `${renewalPrefix}${digest.digest('hex').slice(0, 32)}`
}

/** Whether a message tells what the endpoint took in before. */
export const isRenewalId = (messageId: string): boolean => messageId.startsWith(renewalPrefix)
