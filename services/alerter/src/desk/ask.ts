import { encodeAlertRecord, type Notice } from '@deskpulse/contract'
import { type AlertRule, type AlertText, decideNotice, type EpochMs, isInhibitable, type NoticeEndpoint, renderText } from '@deskpulse/core'
import type { OutboxEntry } from '@deskpulse/stream'
import type { AlertState } from './alert-state.ts'
import type { TenantContext } from './context.ts'
import { type Backlog, isFoundBehind, isOldNews } from './backlog.ts'
import { entryOf } from './entry.ts'
import { type IsForgotten, withdrawalOf } from './evaluate/forgotten.ts'
import { evaluateEveryMs, settleMaxMs, settleMs } from './limits.ts'
import type { TakeDeps } from './take.ts'
import type { TenantDesk } from './tenant-desk.ts'

/** Who can be told, and how notices leave. */
export type Telling = {
  readonly endpoints: readonly NoticeEndpoint[]
  /** The topic of alerts. */
  readonly topic: string
  /** Where a tenant's alert is shown; `null`: the installation has no public address. */
  readonly pageOf: (tenant: string, alertId: string) => string | null
}

/** `notices`: how many of `out` tell an endpoint. */
export type Asked = { readonly alert: AlertState; readonly notices: number; readonly out: readonly OutboxEntry[] }

/** Of a rule that is gone: nobody is told of a beginning, and those who were told of it are told of its end. */
const noRule = { endpoints: [], repeatMs: null } as const
export const plainText: AlertText = {
  en: '{rule}: {subject}, {value} (limit {limit}), since {since}. {url}',
  zh: '{rule}：{subject}，{value}（限值 {limit}），自 {since} 起。{url}',
}

/** Decides about an alert as it stands at `nowMs`: what is told, to whom, and when it is to be asked about again. */
export function askAbout(
  alert: AlertState,
  desk: TenantDesk,
  context: TenantContext,
  { telling, backlog }: Pick<TakeDeps, 'telling' | 'backlog'>,
  isForgotten: IsForgotten,
  nowMs: EpochMs,
): Asked {
  const { transition } = alert
  const endMs = isForgotten(transition) ? ((alert.takenMs + settleMs) as EpochMs) : null
  if (endMs !== null && (nowMs >= endMs || nowMs < alert.takenMs)) {
    const againMs = (nowMs + settleMaxMs) as EpochMs // By then it has come.
    return { alert: { ...alert, nextMs: againMs }, notices: 0, out: [entryOf(withdrawalOf(transition, nowMs), telling.topic)] }
  }
  const settledMs = settled(alert, backlog, nowMs)
  if (alert.why === null && nowMs < settledMs) {
    return { alert: { ...alert, nextMs: earlier(settledMs, endMs) }, notices: 0, out: [] }
  }

  const rule = context.rules.find(({ name, enabled }) => enabled && name === transition.rule)
  const isStalled = desk.stalled.length > 0
  const { tell, why, nextMs, told, isFinal } = decideNotice({
    alert: { ...transition, acknowledged: alert.acknowledged !== null },
    told: alert.told,
    rule: rule ?? noRule,
    endpoints: telling.endpoints,
    silences: desk.silences,
    inhibited: isInhibitable(transition.subject) && (isStalled || context.isBehind),
    nowMs,
  })
  const againMs = why === 'inhibited' && !isFinal && !isStalled ? ((nowMs + evaluateEveryMs) as EpochMs) : nextMs
  const after: AlertState = { ...alert, told, why, nextMs: earlier(againMs, endMs), isFinal }
  const out = tell === null ? [] : noticesOf(after, rule, context, telling, tell)
  return { alert: after, notices: out.length, out }
}

/** When it may first be told of: what is told too soon may be over already, by what is still to come. */
function settled({ transition, takenMs }: AlertState, backlog: Backlog, nowMs: EpochMs): EpochMs {
  if (isOldNews(transition, nowMs)) return backlog.settledMs(takenMs, nowMs)
  return isFoundBehind(transition) && takenMs <= nowMs ? ((takenMs + settleMs) as EpochMs) : nowMs
}

function earlier(a: EpochMs | null, b: EpochMs | null): EpochMs | null {
  if (a === null || b === null) return a ?? b
  return a < b ? a : b
}

function noticesOf(
  { alertId, transition, acknowledged }: AlertState,
  rule: AlertRule | undefined,
  { config, catalogue }: TenantContext,
  { topic, pageOf }: Telling,
  { endpoints, repeat }: { readonly endpoints: readonly string[]; readonly repeat: number },
): readonly OutboxEntry[] {
  const { number: _, ...facts } = transition
  const url = pageOf(transition.tenant, alertId)
  const render = (language: 'en' | 'zh'): string => renderText(rule?.text ?? plainText, facts, language, config.timeZone, url, catalogue)
  const notice: Notice = {
    ...facts,
    ...{ alertId, repeat, text: { en: render('en'), zh: render('zh') }, url },
    ...{ acknowledgedBy: acknowledged?.author ?? null, test: false },
  }
  return endpoints.map((endpoint) => ({
    id: `${alertId}/${transition.status}/${repeat}/${endpoint}`,
    topic,
    key: endpoint,
    bytes: encodeAlertRecord({ kind: 'notice', endpoint, notice }),
  }))
}
