import { createHash } from 'node:crypto'
import { type Notice, summaryKeyOf } from '@deskpulse/contract'
import {
  alertSeverities,
  type AlertSeverity,
  endpointSubject,
  installationTenant,
} from '@deskpulse/core/alerts'
import type { IssuedPeriod } from '@deskpulse/core/closed'
import type { AppealChange, AppealDecision } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'

/** What is remembered of a notice where its text is not needed. `alertId`, `status` and `repeat` are its identity at one endpoint. */
export type NoticeRef = Pick<
  Notice,
  'alertId' | 'status' | 'repeat' | 'tenant' | 'rule' | 'severity'
> & {
  readonly retracted: boolean
  /** See `summaryKeyOf`. */
  readonly summary: string | null
  /** Of a notice about closed periods: the first, and how many there are. */
  readonly periods?: Pick<IssuedPeriod, 'kind' | 'label'> & { readonly count: number }
  /** Of a notice about an appeal; `decision`: `null`: it was filed. */
  readonly appeal?: Pick<AppealChange, 'appealId' | 'agentId'> & {
    readonly decision: AppealDecision | null
  }
}

export function refOf(notice: Notice): NoticeRef {
  const { alertId, status, repeat, tenant, rule, severity, end, periods = [], appeal } = notice
  const [first] = periods
  return {
    alertId,
    status,
    repeat,
    tenant,
    rule,
    severity,
    retracted: end === 'retracted',
    summary: summaryKeyOf(notice),
    ...(first !== undefined && {
      periods: { kind: first.kind, label: first.label, count: periods.length },
    }),
    ...(appeal !== undefined && {
      appeal: {
        ...{ appealId: appeal.appealId, agentId: appeal.agentId },
        decision: appeal.decided?.decision ?? null,
      },
    }),
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

/** 32 hexadecimal digits that stand for these parts. */
export const digestOf = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)

/** A message's id, and so its `webhook-id`: the same for the same notices to the same endpoint, in whatever order and after whatever crash. */
export function messageIdOf(
  endpoint: string,
  notices: readonly Pick<NoticeRef, 'alertId' | 'status' | 'repeat'>[],
): string {
  const keys = notices.map(({ alertId, status, repeat }) => `${alertId}/${status}/${repeat}`)
  return `msg_${digestOf([endpoint, ...keys.toSorted()])}`
}

const renewalPrefix = 'again_'

/** The id of a renewal: each renewal is a message of its own. @param seq its number at the endpoint */
export const renewalIdOf = (endpoint: string, seq: number): string =>
  `${renewalPrefix}${digestOf([endpoint, seq])}`

/** Whether a message is a renewal: it tells what the endpoint took in before. */
export const isRenewalId = (messageId: string): boolean => messageId.startsWith(renewalPrefix)

/** A notice about the endpoint itself, and about no alert: a test, a ping. */
export function ownNotice(
  endpoint: string,
  nowMs: EpochMs,
  about: Pick<Notice, 'alertId' | 'rule' | 'test' | 'text'>,
): Notice {
  return {
    ...{ tenant: installationTenant, subject: endpointSubject(endpoint), kind: 'deadline' },
    ...{ severity: 'info', slice: 'all', kpi: null, value: null, limit: 0, unit: 'ms', labels: {} },
    ...{ status: 'firing', sinceMs: nowMs, startedMs: nowMs, endedMs: null, end: null },
    ...{ detectedMs: nowMs, late: false, repeat: 0, url: null, acknowledgedBy: null },
    ...{ timeZone: 'UTC', ...about },
  }
}
