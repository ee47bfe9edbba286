import type { Kpi } from '../kpis/kpi.ts'
import { average, ratio, total } from '../kpis/shapes.ts'
import type { ContactRow, EndedContact, MessageRow, Moment } from '../subjects/row.ts'
import { count, duration, family, on } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

const from =
  (who: MessageRow['from']) =>
  (row: MessageRow): Moment | null =>
    row.from === who ? row.sent : null

/** Ends of contacts in writing; `which`: of those alone. */
const ended =
  (which: (end: EndedContact) => boolean) =>
  ({ ended: end }: ContactRow): Moment | null =>
    end !== null && end.messages !== null && which(end) ? end : null

/** What customers and humans write to each other, and how that ends. */
export const messages = family('messages', 9, {
  customerMessage: count(1, on('message', { at: from('customer') })),
  humanMessage: count(2, on('message', { at: from('agent') })),
  customerResponse: duration(
    3,
    on('message', {
      at: ({ sent, responseMs }) => (responseMs === null ? null : sent),
      value: ({ responseMs }) => responseMs!,
    }),
  ),
  /** At the end of the contact, as all that follows. */
  answeredEnded: count(4, on('contact', { at: ended(({ isAnswered }) => isAnswered) })),
  messageOfEnded: count(
    5,
    on('contact', {
      at: ended(({ isAnswered }) => isAnswered),
      value: (row) => row.ended!.messages!,
    }),
  ),
  closeTime: duration(
    6,
    on('contact', {
      at: ended(({ closeMs }) => closeMs !== null),
      value: (row) => row.ended!.closeMs!,
    }),
  ),
  openedEnded: count(7, on('contact', { at: ended(({ isSilent }) => isSilent !== null) })),
  silentEnded: count(8, on('contact', { at: ended(({ isSilent }) => isSilent === true) })),
})

const ofAnswered = 'isEndedAnswered AND messages IS NOT NULL'

/** The same in SQL. */
export const messageSql: FamilySql<keyof typeof messages.measures> = {
  customerMessage: [rowsOf('message', 'sent', { where: "sender = 'customer'" })],
  humanMessage: [rowsOf('message', 'sent', { where: "sender = 'agent'" })],
  customerResponse: [
    rowsOf('message', 'sent', { where: 'responseMs IS NOT NULL', value: 'responseMs' }),
  ],
  answeredEnded: [rowsOf('contact', 'ended', { where: ofAnswered })],
  messageOfEnded: [rowsOf('contact', 'ended', { where: ofAnswered, value: 'messages' })],
  closeTime: [rowsOf('contact', 'ended', { where: 'closeMs IS NOT NULL', value: 'closeMs' })],
  openedEnded: [rowsOf('contact', 'ended', { where: 'isSilent IS NOT NULL' })],
  silentEnded: [rowsOf('contact', 'ended', { where: 'isSilent' })],
}

const {
  customerMessage,
  humanMessage,
  customerResponse,
  answeredEnded,
  messageOfEnded,
  closeTime,
  openedEnded,
  silentEnded,
} = messages.measures

const whichMessages =
  'messages of the customer, but for those to a bot, and public ones of humans, of which automatic ones are none and assisted ones are; an edit is none'
const countedAtEnd =
  'the end of the contact, where it was last over; one that is open again counts at its next end'
const endCredit = 'Credited to the queue then and the owner, else the last human who wrote'
const botAlone = 'one that a bot had alone is not in it'

const messagesPerContact = ratio('messages_per_contact', {
  name: { en: 'Messages per contact', zh: '客件数' },
  description: {
    en: 'Messages of customer and humans per answered contact, at its end.',
    zh: '每个已应答会话中客户与人工的消息数，按会话结束时刻统计。',
  },
  direction: 'neutral',
  unit: 'index',
  of: messageOfEnded,
  per: answeredEnded,
  docs: {
    formula: 'messages of answered contacts in writing that are over ÷ these contacts',
    countedAt: countedAtEnd,
    whenEmpty: '`null`, `nothing-happened`: no such contact is over',
    note: `live and deferred contacts. ${whichMessages}. All of a contact up to now count, also a word of thanks after the end. ${endCredit}`,
  },
})

const answerQuestionRatio = ratio('answer_question_ratio', {
  name: { en: 'Answers per question', zh: '答问比' },
  description: {
    en: 'Public messages of humans per message of customers, each at its own instant.',
    zh: '人工公开消息数与客户消息数之比，各按发送时刻统计。',
  },
  direction: 'higher',
  unit: 'index',
  of: humanMessage,
  per: customerMessage,
  docs: {
    formula: 'public messages of humans ÷ messages of customers',
    countedAt: 'each message, there',
    whenEmpty: '`null`, `nothing-happened`: no customer wrote',
    note: `a flow by a flow: what answers a question may stand in a later period than it. Live and deferred contacts; ${whichMessages}. A human’s message is credited to its writer, else the owner; a customer’s to the owner; both to the queue then`,
  },
})

const customerResponseTime = average('customer_response_time', {
  name: { en: 'Customer response time', zh: '客户回复时长' },
  description: {
    en: 'How long customers take to reply to a human, at their reply.',
    zh: '从人工公开消息到客户下一条消息的时长，按客户消息时刻统计。',
  },
  direction: 'neutral',
  of: customerResponse,
  percentiles: [50],
  docs: {
    formula:
      '`sum ÷ count` from the first public message of a human after the customer’s last one to the customer’s next one; p50 beside it',
    countedAt: 'the customer’s message',
    whenEmpty: '`null`, `nothing-happened`: no customer replied',
    note: 'live and deferred contacts. A customer who comes back after days replies after days: the median tells more than the average. What the customer writes to a bot is no reply to a human',
  },
})

const conversationCloseTime = average('conversation_close_time', {
  name: { en: 'Conversation close time', zh: '会话收尾时长' },
  description: {
    en: 'From the customer’s last message to the end of a live contact.',
    zh: '实时会话中从客户最后一条消息到会话结束的时长，按会话结束时刻统计。',
  },
  direction: 'lower',
  of: closeTime,
  percentiles: [],
  docs: {
    formula:
      '`sum ÷ count` of live contacts that are over, from the customer’s last message before to the end',
    countedAt: countedAtEnd,
    whenEmpty: '`null`, `nothing-happened`: no live contact in which a customer wrote is over',
    note: `the end is the first of resolved, closed, abandoned and ended since it was last open; ${botAlone}. ${endCredit}`,
  },
})

const silentNote = `a message of the customer at any time takes it back, one to a bot too; ${botAlone}. ${endCredit}`

const silentContacts = total('silent_contacts', {
  name: { en: 'Silent contacts', zh: '客户进线未说话' },
  description: {
    en: 'Live contacts in which the customer never wrote, at their end.',
    zh: '客户进线后未发送任何消息的实时会话数，按会话结束时刻统计。',
  },
  direction: 'lower',
  of: silentEnded,
  docs: {
    formula:
      'live inbound contacts with an opening that are over and have no message of the customer',
    countedAt: countedAtEnd,
    whenEmpty: '0',
    note: silentNote,
  },
})

const silentContactRate = ratio('silent_contact_rate', {
  name: { en: 'Silent contact rate', zh: '客户进线未说话占比' },
  description: {
    en: 'Share of live contacts in which the customer never wrote, at their end.',
    zh: '已结束的实时呼入会话中客户未发送任何消息的占比，按会话结束时刻统计。',
  },
  direction: 'lower',
  of: silentEnded,
  per: openedEnded,
  docs: {
    formula: 'silent contacts ÷ live inbound contacts with an opening that are over',
    countedAt: countedAtEnd,
    whenEmpty: '`null`, `nothing-happened`: none is over',
    note: silentNote,
  },
})

export const messageKpis: readonly Kpi[] = [
  messagesPerContact,
  answerQuestionRatio,
  customerResponseTime,
  conversationCloseTime,
  silentContacts,
  silentContactRate,
]
