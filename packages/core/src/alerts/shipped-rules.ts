import { hourMs, minuteMs, secondMs } from '../time/time.ts'
import type {
  AlertRule,
  ClockRule,
  ContactRule,
  DimensionRule,
  EndpointRule,
  PipelineRule,
  RecordsRule,
  SourceRule,
  WindowedRule,
} from './rule.ts'

const always = {
  ...{ enabled: true, labels: {}, hours: null, endpoints: null },
  escalation: null,
} as const

/** A customer waits for a reply, or in a queue, for more than 30 s: what a floor lead wants to know at once, of each one. */
const customerWaiting: ContactRule = {
  ...always,
  kind: 'deadline',
  subject: 'contact',
  name: 'customer-waiting',
  severity: 'warning',
  text: {
    en: 'A customer has waited {value} for an answer (limit {limit}): contact {contact}, {slice}, since {since}.',
    zh: '客户已等待 {value}，未获应答（时限 {limit}）：会话 {contact}，{slice}，自 {since} 起。',
  },
  repeatMs: 10 * minuteMs,
  limitMs: 30 * secondMs,
  warnAt: null,
  waits: ['reply', 'queue'],
  classes: ['live', 'voice'],
  slice: 'all',
}

const windowed = { ...always, kind: 'windowed', statistic: 'value', noData: 'ok' } as const

/** Replies of the last five minutes took more than 30 s on average. */
const responseTime: WindowedRule = {
  ...windowed,
  name: 'response-time',
  severity: 'warning',
  text: {
    en: 'Replies are slow: {value} on average over the last 5 minutes (limit {limit}) in {slice}, since {since}.',
    zh: '回复变慢：{slice} 近 5 分钟平均响应时间 {value}（上限 {limit}），自 {since} 起。',
  },
  repeatMs: 30 * minuteMs,
  kpi: 'response_time',
  slice: 'class=live',
  window: '5m',
  comparison: 'above',
  threshold: 30 * secondMs,
  recovery: 27 * secondMs,
  minimumSample: 5,
  forMs: 0,
  keepFiringForMs: minuteMs,
}

/** Fewer than four in five owed replies came within 30 s. */
const answeredWithin30s: WindowedRule = {
  ...windowed,
  name: 'answered-within-30s',
  severity: 'warning',
  text: {
    en: 'Only {value} of customers were answered within 30 s over the last 15 minutes (at least {limit}) in {slice}, since {since}.',
    zh: '30 秒应答率偏低：{slice} 近 15 分钟为 {value}（目标不低于 {limit}），自 {since} 起。',
  },
  repeatMs: 30 * minuteMs,
  kpi: 'answered_within_30s_of_due',
  slice: 'class=live',
  window: '15m',
  comparison: 'below',
  threshold: 0.8,
  recovery: 0.82,
  minimumSample: 20,
  forMs: 0,
  keepFiringForMs: minuteMs,
}

/** Fewer than four in five calls were answered within their limit. */
const serviceLevel: WindowedRule = {
  ...windowed,
  name: 'service-level',
  severity: 'warning',
  text: {
    en: 'Service level is low: {value} of calls were answered within their limit over the last 30 minutes (at least {limit}) in {slice}, since {since}.',
    zh: '服务水平偏低：{slice} 近 30 分钟时限内接听的来电占 {value}（目标不低于 {limit}），自 {since} 起。',
  },
  repeatMs: 30 * minuteMs,
  kpi: 'service_level_of_offered',
  slice: 'class=voice',
  window: '30m',
  comparison: 'below',
  threshold: 0.8,
  recovery: 0.82,
  minimumSample: 20,
  forMs: 0,
  keepFiringForMs: minuteMs,
}

/** More than one in twenty callers gave up. */
const abandonRate: WindowedRule = {
  ...windowed,
  name: 'abandon-rate',
  severity: 'warning',
  text: {
    en: 'Callers give up: {value} of calls were abandoned over the last 30 minutes (at most {limit}) in {slice}, since {since}.',
    zh: '放弃率偏高：{slice} 近 30 分钟来电放弃占 {value}（上限 {limit}），自 {since} 起。',
  },
  repeatMs: 30 * minuteMs,
  kpi: 'abandon_rate',
  slice: 'class=voice',
  window: '30m',
  comparison: 'above',
  threshold: 0.05,
  recovery: 0.046,
  minimumSample: 20,
  forMs: 0,
  keepFiringForMs: minuteMs,
}

/** Fewer than 70 % of today's contacts were solved at first contact. It moves slowly: told once. */
const fcr: WindowedRule = {
  ...windowed,
  name: 'fcr',
  severity: 'warning',
  text: {
    en: 'First contact resolution is low: {value} of contacts today (at least {limit}) in {slice}, since {since}.',
    zh: '首次解决率偏低：{slice} 今日为 {value}（目标不低于 {limit}），自 {since} 起。',
  },
  repeatMs: null,
  kpi: 'fcr_gross',
  slice: 'all',
  window: 'today',
  comparison: 'below',
  threshold: 0.7,
  recovery: 0.72,
  minimumSample: 20,
  forMs: 0,
  keepFiringForMs: 0,
}

/** Agents have had no pause between contacts for half an hour. */
const occupancy: WindowedRule = {
  ...windowed,
  name: 'occupancy',
  severity: 'warning',
  text: {
    en: 'Agents have no pause between contacts: occupancy {value} ({slice}), above {limit} for more than 30 minutes, since {since}.',
    zh: '坐席占用率过高：{value}（{slice}），超过 {limit} 已逾 30 分钟，自 {since} 起。',
  },
  repeatMs: hourMs,
  kpi: 'occupancy',
  slice: 'all',
  window: '5m',
  comparison: 'above',
  threshold: 0.9,
  recovery: 0.88,
  minimumSample: 0,
  forMs: 30 * minuteMs,
  keepFiringForMs: 0,
}

/** A source stopped sending: what looks like a quiet floor may be a broken connector. */
const silentSource: SourceRule = {
  ...always,
  kind: 'deadline',
  subject: 'source',
  name: 'silent-source',
  severity: 'warning',
  text: {
    en: 'Nothing has come from {subject} for {value} (limit {limit}), since {since}: check its connection.',
    zh: '{subject} 已 {value}没有数据（时限 {limit}），自 {since} 起，请检查接入。',
  },
  repeatMs: hourMs,
  limitMs: 10 * minuteMs,
  warnAt: null,
  sources: null,
}

/** More distinct queues, agents or channels come than have room: soon new ones have no slices of their own. */
const dimensionNearlyFull: DimensionRule = {
  ...always,
  kind: 'deadline',
  subject: 'dimension',
  name: 'dimension-nearly-full',
  severity: 'warning',
  text: {
    en: '{subject}: more than 80% of the values that {tenant} has room for are taken, since {since}. New ones past the limit count as “other”: look for a source that makes them up, or raise slices.valuesMax.',
    zh: '{tenant} 的{subject}取值数已超过上限的 80%，自 {since} 起。超限的新值将计入“其他”：请检查数据源是否误造取值，或调高 slices.valuesMax。',
  },
  repeatMs: 24 * hourMs,
  limitMs: secondMs,
}

/** The numbers stand still: nothing else can be seen until they move again. */
const pipelineStalled: PipelineRule = {
  ...always,
  kind: 'deadline',
  subject: 'pipeline',
  name: 'pipeline-stalled',
  severity: 'critical',
  text: {
    en: 'The numbers of {tenant} are {value} behind (limit {limit}), since {since}: boards and alerts cannot be trusted until they catch up.',
    zh: '{tenant} 的数据已滞后 {value}（时限 {limit}），自 {since} 起；恢复之前看板与告警均不可信。',
  },
  repeatMs: 10 * minuteMs,
  limitMs: 30 * secondMs,
}

/** An endpoint refused everything for an hour and is sent nothing more, until a person enables it. */
const endpointDisabled: EndpointRule = {
  ...always,
  kind: 'deadline',
  subject: 'endpoint',
  name: 'endpoint-disabled',
  severity: 'critical',
  text: {
    en: 'Alerts are no longer sent to {subject}: it has failed since {since}. Repair it and enable it again.',
    zh: '已停止向{subject} 发送告警：自 {since} 起持续失败，请修复后重新启用。',
  },
  repeatMs: 4 * hourMs,
  limitMs: hourMs,
}

/** A clock that stamps the log is wrong: what is shown and told may be of another time than it says. */
const logClock: ClockRule = {
  ...always,
  kind: 'deadline',
  subject: 'clock',
  name: 'log-clock',
  severity: 'warning',
  text: {
    en: 'A clock of the installation is {value} off, since {since}: check the time synchronisation of its machines and brokers.',
    zh: '系统中有时钟偏差 {value}，自 {since} 起，请检查各服务器的时间同步。',
  },
  repeatMs: 4 * hourMs,
  limitMs: 10 * secondMs,
}

/** What was counted lacks records for good: somebody has to know, and to send them again where that is possible. */
const recordsLost: RecordsRule = {
  ...always,
  kind: 'deadline',
  subject: 'records',
  name: 'records-lost',
  severity: 'critical',
  text: {
    en: '{value} records were gone before they were counted ({subject}); they had come in since {since}. Values of that time are marked incomplete until this is acknowledged.',
    zh: '{value} 条记录在计入之前已丢失（{subject}），自 {since} 起到达。确认之前，该时段的数据均标记为不完整。',
  },
  repeatMs: 4 * hourMs,
  limitMs: 0,
}

/** Rules that every tenant has until its installation or its users say otherwise. */
export const shippedRules: readonly AlertRule[] = [
  customerWaiting,
  responseTime,
  answeredWithin30s,
  serviceLevel,
  abandonRate,
  fcr,
  occupancy,
  silentSource,
  dimensionNearlyFull,
  pipelineStalled,
  endpointDisabled,
  logClock,
  recordsLost,
]
