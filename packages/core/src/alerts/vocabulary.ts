import type { Dimension } from '../config/tenant-config.ts'
import type { AgentState } from '../events/types.ts'
import type { ClosedKind } from '../time/periods.ts'

export type AlertLanguage = 'en' | 'zh'

/** How alerts name things, in messages and on the page. What is not listed is shown as it is. */
export type AlertVocabulary = {
  /** Titles of the shipped rules, by name. */
  readonly rules: Readonly<Record<string, string>>
  /** Behind the title of a rule: the warning before its limit. */
  readonly warning: string
  readonly subjects: Readonly<
    Record<
      'contact' | 'agent' | 'source' | 'dimension' | 'endpoint' | 'pipeline' | 'clock' | 'records',
      string
    >
  >
  readonly dimensions: Readonly<Record<Dimension, string>>
  /** Values that say by themselves of which dimension they are. */
  readonly values: Readonly<Partial<Record<Dimension, Readonly<Record<string, string>>>>>
  readonly states: Readonly<Record<AgentState, string>>
  readonly periods: Readonly<Record<ClosedKind, string>>
  /** The slice `all`. */
  readonly everything: string
}

const en: AlertVocabulary = {
  rules: {
    'customer-waiting': 'Customer waiting',
    'response-time': 'Slow replies',
    'answered-within-30s': 'Low 30-second answer rate',
    'service-level': 'Low service level',
    'abandon-rate': 'High abandon rate',
    fcr: 'Low first contact resolution',
    occupancy: 'High occupancy',
    'silent-source': 'Silent source',
    'dimension-nearly-full': 'Dimension nearly full',
    'pipeline-stalled': 'Pipeline stalled',
    'endpoint-disabled': 'Endpoint disabled',
    'log-clock': 'Clock off',
    'records-lost': 'Records lost',
  },
  warning: ' (warning)',
  subjects: {
    contact: 'contact',
    agent: 'agent',
    source: 'source',
    dimension: 'dimension',
    endpoint: 'endpoint',
    pipeline: 'the pipeline',
    clock: 'the clock',
    records: 'records',
  },
  dimensions: {
    queue: 'queue',
    agent: 'agent',
    channel: 'channel',
    class: 'class',
    topic: 'topic',
    priority: 'priority',
    skill: 'skill',
    shop: 'shop',
    intent: 'intent',
    appeal: 'appeal of',
  },
  values: {
    queue: { none: 'no queue', other: 'other queues' },
    agent: { none: 'no agent', other: 'other agents' },
    channel: {
      other: 'other channels',
      chat: 'chat',
      voice: 'voice',
      email: 'email',
      ticket: 'ticket',
      social: 'social media',
      sms: 'SMS',
    },
    class: { live: 'live contacts', voice: 'voice calls', deferred: 'deferred contacts' },
  },
  states: {
    offline: 'offline',
    available: 'available',
    on_contact: 'on contact',
    wrap_up: 'wrap-up',
    not_ready: 'not ready',
    break: 'break',
    meal: 'meal',
    meeting: 'meeting',
    training: 'training',
    other: 'other',
  },
  periods: {
    hour: 'hour',
    day: 'day',
    week: 'week',
    month: 'month',
    quarter: 'quarter',
    year: 'year',
  },
  everything: 'all contacts',
}

const zh: AlertVocabulary = {
  rules: {
    'customer-waiting': '客户等待超时',
    'response-time': '响应时间过长',
    'answered-within-30s': '30 秒应答率偏低',
    'service-level': '服务水平偏低',
    'abandon-rate': '放弃率偏高',
    fcr: '首次解决率偏低',
    occupancy: '坐席占用率过高',
    'silent-source': '数据源无数据',
    'dimension-nearly-full': '维度取值接近上限',
    'pipeline-stalled': '数据管道停滞',
    'endpoint-disabled': '通知渠道已停用',
    'log-clock': '时钟异常',
    'records-lost': '记录丢失',
  },
  warning: '（预警）',
  subjects: {
    contact: '会话',
    agent: '坐席',
    source: '数据源',
    dimension: '维度',
    endpoint: '通知渠道',
    pipeline: '数据管道',
    clock: '系统时钟',
    records: '记录',
  },
  dimensions: {
    queue: '队列',
    agent: '坐席',
    channel: '渠道',
    class: '类别',
    topic: '主题',
    priority: '优先级',
    skill: '技能',
    shop: '店铺',
    intent: '意图',
    appeal: '申诉坐席',
  },
  values: {
    queue: { none: '未分配队列', other: '其他队列' },
    agent: { none: '未分配坐席', other: '其他坐席' },
    channel: {
      other: '其他渠道',
      chat: '聊天',
      voice: '语音',
      email: '邮件',
      ticket: '工单',
      social: '社交媒体',
      sms: '短信',
    },
    class: { live: '在线会话', voice: '语音', deferred: '非实时会话' },
  },
  states: {
    offline: '离线',
    available: '空闲',
    on_contact: '服务中',
    wrap_up: '话后处理',
    not_ready: '未就绪',
    break: '小休',
    meal: '用餐',
    meeting: '会议',
    training: '培训',
    other: '其他',
  },
  periods: { hour: '小时', day: '日', week: '周', month: '月', quarter: '季度', year: '年' },
  everything: '全部会话',
}

export const alertVocabulary: Readonly<Record<AlertLanguage, AlertVocabulary>> = { en, zh }
