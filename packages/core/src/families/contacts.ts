import { average, ratio, total } from '../kpis/shapes.ts'
import type { PartRow } from '../subjects/row.ts'
import { count, duration, family, on, type RuleOn } from './family.ts'
import { type FamilySql, rowsOf, type SqlTerm } from './sql.ts'

/** Once in all, and once an agent. */
export const handledWhere = (isCounted: (row: PartRow) => boolean): readonly RuleOn[] => [
  on('part', { at: (row) => (row.isFirst && isCounted(row) ? row.handled : null), scope: 'wide' }),
  on('part', { at: (row) => (isCounted(row) ? row.handled : null), scope: 'agent' }),
]

/** Contacts, and what ends and begins again in them. */
export const contacts = family('contacts', 1, {
  contactOpened: count(1, on('contact', { at: (row) => row.opened, scope: 'wide' })),
  /** Once in all, and once an agent. */
  contactHandled: count(2, ...handledWhere(() => true)),
  contactResolved: count(3, on('contact', { at: (row) => row.resolved })),
  resolution: count(4, on('resolution', { at: (row) => row.resolved })),
  reopening: count(5, on('reopening', { at: (row) => row.reopened })),
  contactAnswered: count(6, on('contact', { at: (row) => row.answered })),
  handledTransferred: count(7, ...handledWhere((row) => row.isTransferred)),
  handledEscalated: count(8, ...handledWhere((row) => row.isEscalated)),
  messageLeft: count(9, on('contact', { at: (row) => row.leftMessage, scope: 'wide' })),
  contactEnded: count(20, on('contact', { at: (row) => row.ended })),
  /** Queues and agents of contacts that are over. */
  stationOfEnded: count(
    21,
    on('contact', { at: (row) => row.ended, value: ({ ended }) => ended!.stations }),
  ),
  totalQueueWait: duration(
    22,
    on('contact', {
      at: ({ ended }) => ((ended?.queueWaitMs ?? null) === null ? null : ended),
      value: ({ ended }) => ended!.queueWaitMs!,
    }),
  ),
})

export const handledSql = (isCounted: string | null): readonly SqlTerm[] => [
  rowsOf('part', 'handled', {
    where: isCounted === null ? 'isFirst' : `isFirst AND ${isCounted}`,
    scope: 'wide',
  }),
  rowsOf('part', 'handled', { ...(isCounted !== null && { where: isCounted }), scope: 'agent' }),
]

/** The same in SQL. */
export const contactSql: FamilySql<keyof typeof contacts.measures> = {
  contactOpened: [rowsOf('contact', 'opened', { scope: 'wide' })],
  contactHandled: handledSql(null),
  contactResolved: [rowsOf('contact', 'resolved')],
  resolution: [rowsOf('resolution', 'resolved')],
  reopening: [rowsOf('reopening', 'reopened')],
  contactAnswered: [rowsOf('contact', 'answered')],
  handledTransferred: handledSql('isTransferred'),
  handledEscalated: handledSql('isEscalated'),
  messageLeft: [rowsOf('contact', 'leftMessage', { scope: 'wide' })],
  contactEnded: [rowsOf('contact', 'ended')],
  stationOfEnded: [rowsOf('contact', 'ended', { value: 'stations' })],
  totalQueueWait: [
    rowsOf('contact', 'ended', { where: 'queueWaitMs IS NOT NULL', value: 'queueWaitMs' }),
  ],
}

const {
  contactOpened,
  contactHandled,
  contactResolved,
  resolution,
  reopening,
  contactAnswered,
  handledTransferred,
  handledEscalated,
  messageLeft,
  contactEnded,
  stationOfEnded,
  totalQueueWait,
} = contacts.measures

const contactsOpened = total('contacts_opened', {
  name: { en: 'Contacts opened', zh: '会话量' },
  description: {
    en: 'Inbound contacts that were opened, at the opening.',
    zh: '新开的呼入会话数，按开启时刻统计。',
  },
  direction: 'neutral',
  of: contactOpened,
  docs: {
    formula: 'inbound contacts with an opening event',
    countedAt: 'the opening',
    whenEmpty: '0',
    note: 'by whomever, and wherever the opening stands among the contact’s events. What customers leave as a message (`offline`) counts in `left_messages` instead',
  },
})

const leftMessages = total('left_messages', {
  name: { en: 'Left messages', zh: '留言' },
  description: {
    en: 'Contacts that customers left as a message, at the opening.',
    zh: '客户留言数，按留言时刻统计。',
  },
  direction: 'lower',
  of: messageLeft,
  docs: {
    formula: 'inbound contacts whose opening says `offline: true`',
    countedAt: 'the opening',
    whenEmpty: '0',
    note: 'for want of anybody who could answer. Beside these two KPIs such a contact counts in `backlog`, until it is over, and in the time of the agents who work on it (`handle_time`, `occupancy`): nothing is owed within a limit, nobody waits, and it is in no other KPI',
  },
})

const leftMessageRate = ratio('left_message_rate', {
  name: { en: 'Left message rate', zh: '留言率' },
  description: {
    en: 'Share of inbound contacts that customers left as a message, at the opening.',
    zh: '客户留言数占全部呼入会话（含留言）的比例，按开启时刻统计。',
  },
  direction: 'lower',
  targets: { any: { max: 0.5 } },
  of: messageLeft,
  per: [contactOpened, messageLeft],
  docs: {
    formula: 'left messages ÷ (contacts opened + left messages)',
    countedAt: 'the opening',
    whenEmpty: '`null`, `nothing-happened`: nothing was opened',
    note: 'as `left_messages`',
  },
})

const contactsAnswered = total('contacts_answered', {
  name: { en: 'Contacts answered', zh: '已应答会话' },
  description: {
    en: 'Contacts that a human answered, each once, at the answer.',
    zh: '人工已应答的会话数，每个会话计一次，按应答时刻统计。',
  },
  direction: 'neutral',
  of: contactAnswered,
  docs: {
    formula:
      'contacts with an answer: of a call its assignment, else the first public message of a human',
    countedAt: 'the answer',
    whenEmpty: '0',
    note: 'a call is there before it ends. Without any message the assignment was the answer, else the resolution or close, once that human part ends. An outbound contact counts at the first answer after its customer wrote',
  },
})

const contactsHandled = total('contacts_handled', {
  name: { en: 'Contacts handled', zh: '已处理会话' },
  description: {
    en: 'Contacts that were answered and whose human part ended, each once, at its first such end.',
    zh: '已应答且人工服务结束的会话数，每个会话计一次。',
  },
  direction: 'neutral',
  of: contactHandled,
  docs: {
    formula: 'contacts that were answered and whose human part ended',
    countedAt: 'the first such end',
    whenEmpty: '0',
    note: 'in agent slices once per contact and agent, so agents do not add up to `all`',
  },
})

const transferRate = ratio('transfer_rate', {
  name: { en: 'Transfer rate', zh: '转接率' },
  description: {
    en: 'Share of handled contacts that were transferred at least once.',
    zh: '已处理会话中至少被转接一次的占比。',
  },
  direction: 'lower',
  of: handledTransferred,
  per: contactHandled,
  docs: {
    formula: 'handled contacts with at least one transfer ÷ handled contacts',
    countedAt: 'the handling, as `contacts_handled`, also where the transfer comes later',
    whenEmpty: '`null`, `nothing-happened`: nothing was handled',
    note: 'cold and warm transfers (`contact.transferred` without a `mode` is cold); a consult or a conference leaves the contact where it is and is none, nor is what a bot passes on before any human had the contact: that is a hand-off. In an agent’s slice the agent’s handled contacts that were transferred, by whomever',
  },
})

const escalationRate = ratio('escalation_rate', {
  name: { en: 'Escalation rate', zh: '升级率' },
  description: {
    en: 'Share of handled contacts that were escalated at least once.',
    zh: '已处理会话中至少被升级一次的占比。',
  },
  direction: 'lower',
  of: handledEscalated,
  per: contactHandled,
  docs: {
    formula: 'handled contacts with at least one escalation ÷ handled contacts',
    countedAt: 'the handling, as `contacts_handled`, also where the escalation comes later',
    whenEmpty: '`null`, `nothing-happened`: nothing was handled',
    note: '`contact.escalated` of any kind; not what happens while a bot alone has the contact. In an agent’s slice the agent’s handled contacts that were escalated, by whomever',
  },
})

const contactsResolved = total('contacts_resolved', {
  name: { en: 'Contacts resolved', zh: '已解决会话' },
  description: {
    en: 'Contacts resolved, each once, at its first resolution.',
    zh: '首次解决的会话数，每个会话计一次。',
  },
  direction: 'higher',
  of: contactResolved,
  docs: {
    formula: 'contacts at their first resolution',
    countedAt: 'the first resolution',
    whenEmpty: '0',
    note: 'each contact once',
  },
})

const resolutionEvents = total('resolution_events', {
  name: { en: 'Resolutions', zh: '解决次数' },
  description: {
    en: 'Every resolution, told or by the last release of a call, also a second one of the same contact.',
    zh: '全部解决次数（含通话结束即解决），含同一会话的再次解决。',
  },
  direction: 'neutral',
  of: resolution,
  docs: {
    formula:
      'every `contact.resolved`, and each release or close that resolves a contact by configuration',
    countedAt: 'the resolution',
    whenEmpty: '0',
    note: 'a contact that is resolved twice counts twice; a release that a `contact.resolved` confirms counts as that event',
  },
})

const reopenEvents = total('reopen_events', {
  name: { en: 'Reopenings', zh: '重开次数' },
  description: {
    en: 'How often a contact that was over was opened again.',
    zh: '已结束的会话被重新打开的次数。',
  },
  direction: 'lower',
  of: reopening,
  docs: {
    formula: 'all reopenings',
    countedAt: 'the reopening',
    whenEmpty: '0',
    note: 'by an event, or by a customer message later than the return gap',
  },
})

const endOfContact =
  'the end of the contact: since when it is over without a reopening (resolved, closed, ended, abandoned, or a call’s last release where that resolves it)'
const creditOfEnd =
  'while it is open again it is not counted; credited to the queue then and the owner, else the last human. What a bot alone had is not in it'

const stations = ratio('stations', {
  name: { en: 'Stations', zh: '流转次数' },
  description: {
    en: 'How many different queues and agents a contact was in, on average.',
    zh: '每个会话平均经过的不同队列与坐席数。',
  },
  direction: 'lower',
  unit: 'index',
  of: stationOfEnded,
  per: contactEnded,
  docs: {
    formula: 'queues that it entered + agents to whom it was assigned, each once ÷ contacts',
    countedAt: endOfContact,
    whenEmpty: '`null`, `nothing-happened`: no contact ended',
    note: creditOfEnd,
  },
})

const totalWait = average('total_queue_wait', {
  name: { en: 'Total queue wait', zh: '累计排队' },
  description: {
    en: 'How long a call waited in all its queues together.',
    zh: '一通来电在所有队列中累计等待的时间。',
  },
  direction: 'lower',
  of: totalQueueWait,
  percentiles: [90],
  docs: {
    formula: '`sum ÷ count` of the waits of all passes of a call together; p90 beside it',
    countedAt: endOfContact,
    whenEmpty: '`null`, `nothing-happened`: no call that had been in a queue ended',
    note: `calls that were in a queue; ${creditOfEnd}`,
  },
})

export const contactKpis = [
  contactsOpened,
  leftMessages,
  leftMessageRate,
  contactsAnswered,
  contactsHandled,
  transferRate,
  escalationRate,
  contactsResolved,
  resolutionEvents,
  reopenEvents,
  stations,
  totalWait,
]
