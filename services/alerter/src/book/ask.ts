import { encodeAlertRecord, type Notice } from '@deskpulse/contract'
import {
  type AlertRule,
  type AlertText,
  decideNotice,
  isInhibitable,
  lateAfterMs,
  type NoticeEndpoint,
  renderText,
  type Told,
} from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import type { OutboxEntry } from '@deskpulse/stream'
import type { AlertState } from './alert-state.ts'
import type { CardOf, Subscriber } from './announcement-notices.ts'
import type { TenantContext } from './context.ts'
import { type Backlog, isFolded, isFoundBehind, isOldNews } from './backlog.ts'
import { evaluateEveryMs, settleMs } from './limits.ts'
import type { TakeDeps } from './take.ts'
import type { TenantBook } from './tenant-book.ts'

/** Who can be told, and how notices leave. */
export type Telling = {
  readonly endpoints: readonly NoticeEndpoint[]
  readonly subscribers: readonly Subscriber[]
  /** The topic of alerts. */
  readonly topic: string
  /** Where a tenant's alert is shown; `null`: the installation has no public address. */
  readonly pageOf: (tenant: string, alertId: string) => string | null
  readonly cardOf: CardOf
}

/** `notices`: how many of `out` tell an endpoint. */
export type Asked = {
  readonly alert: AlertState
  readonly notices: number
  readonly out: readonly OutboxEntry[]
}

/** Of a rule that is gone: nobody is told of a beginning, and those who were told of it are told of its end. */
const noRule = { endpoints: [], repeatMs: null } as const
export const plainText: AlertText = {
  en: '{rule}: {subject}, {value} (limit {limit}), since {since}. {url}',
  zh: '{rule}：{subject}，{value}（限值 {limit}），自 {since} 起。{url}',
}

/** Decides about an alert as it stands at `nowMs`: what is told, to whom, and when it is to be asked about again. */
export function askAbout(
  alert: AlertState,
  book: TenantBook,
  context: TenantContext,
  { telling, backlog, createdMs }: Pick<TakeDeps, 'telling' | 'backlog' | 'createdMs'>,
  nowMs: EpochMs,
): Asked {
  const { transition } = alert
  const settledMs = settled(alert, backlog, nowMs)
  if (alert.told === null && nowMs < settledMs)
    return { alert: { ...alert, nextMs: settledMs }, notices: 0, out: [] }
  const again = alert.told?.status === 'firing' && alert.told.atMs < createdMs()

  const rule = context.rules.find(({ name, enabled }) => enabled && name === transition.rule)
  const isStalled = book.stalled.length > 0
  const { tell, why, nextMs, told, isFinal } = decideNotice({
    alert: { ...transition, acknowledged: alert.acknowledged !== null },
    told: alert.told,
    again,
    rule: rule ?? noRule,
    endpoints: telling.endpoints,
    silences: book.silences,
    inhibited: isInhibitable(transition.subject) && (isStalled || context.isBehind),
    nowMs,
  })
  const againMs =
    why === 'inhibited' && !isFinal && !isStalled ? ((nowMs + evaluateEveryMs) as EpochMs) : nextMs
  const after: AlertState = { ...alert, told, why, nextMs: againMs, isFinal }
  if (tell === null) return { alert: after, notices: 0, out: [] }
  const notices = noticesOf(after, rule, context, telling, {
    ...tell,
    isSummarised: isSummarised(alert, tell.repeat),
  })
  return {
    alert: after,
    notices: notices.length,
    out: [...notices, toldEntry(after, told!, telling.topic)],
  }
}

/** When it may first be told of: what is told too soon may be over already, by what is still to come. */
function settled(alert: AlertState, backlog: Backlog, nowMs: EpochMs): EpochMs {
  const { transition, takenMs } = alert
  if (isOldNews(transition, nowMs) || isFoundLate(alert)) return backlog.settledMs(takenMs, nowMs)
  return isFoundBehind(transition) && takenMs <= nowMs ? ((takenMs + settleMs) as EpochMs) : nowMs
}

/** A deadline that nobody could know of in time, because something was away or history is filled in: those that still go on are told together. */
function isFoundLate({ transition, takenMs, told }: AlertState): boolean {
  // A state that was lost took all of it in anew: what was told by then had been found.
  const foundMs = told === null ? takenMs : Math.min(takenMs, told.atMs)
  return isFolded(transition) && (transition.late || foundMs - transition.startedMs > lateAfterMs)
}

/** The first telling of what was found late, also when it comes again after a loss: repeats and ends are told one by one. */
const isSummarised = (alert: AlertState, repeat: number): boolean =>
  alert.transition.status === 'firing' && repeat === 0 && isFoundLate(alert)

type HowTold = {
  readonly endpoints: readonly string[]
  readonly repeat: number
  readonly isSummarised: boolean
}

function noticesOf(
  { alertId, transition, acknowledged }: AlertState,
  rule: AlertRule | undefined,
  { config, catalogue }: TenantContext,
  { topic, pageOf }: Telling,
  { endpoints, repeat, isSummarised }: HowTold,
): readonly OutboxEntry[] {
  const { number: _, ...facts } = transition
  const url = pageOf(transition.tenant, alertId)
  const render = (language: 'en' | 'zh'): string =>
    renderText(rule?.text ?? plainText, facts, language, config.timeZone, url, catalogue)
  const notice: Notice = {
    ...facts,
    ...{ alertId, repeat, text: { en: render('en'), zh: render('zh') }, url },
    ...{
      acknowledgedBy: acknowledged?.author ?? null,
      timeZone: config.timeZone,
      late: isSummarised,
      test: false,
    },
  }
  return endpoints.map((endpoint) => ({
    id: `${alertId}/${transition.status}/${repeat}/${endpoint}`,
    topic,
    key: endpoint,
    bytes: encodeAlertRecord({ kind: 'notice', endpoint, notice }),
  }))
}

/** That it was told, for a state that has to be made again: after the notices, because a notice that is lost must not count as told. */
function toldEntry(
  { alertId, transition: { tenant } }: AlertState,
  { status, repeat, atMs, endpoints }: Told,
  topic: string,
): OutboxEntry {
  const bytes = encodeAlertRecord({
    kind: 'told',
    tenant,
    told: { alertId, status, repeat, atMs, endpoints },
  })
  return { id: `${alertId}/${status}/${repeat}/told`, topic, key: tenant, bytes }
}
