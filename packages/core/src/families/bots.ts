import { dimensions } from '../config/tenant-config.ts'
import type { Kpi } from '../kpis/kpi.ts'
import { breakdownBeside, provisionalUntil, ratio, total } from '../kpis/shapes.ts'
import type { BotContactRow, BotEpisodeRow, Moment } from '../subjects/row.ts'
import { botWindowMs } from '../folds/contact/episodes.ts'
import { contacts } from './contacts.ts'
import { count, family, maturingInAWeek, on, type RuleOn } from './family.ts'
import { type FamilySql, rowsOf, type SqlTerm } from './sql.ts'

/** Episodes with an involved bot; `which`: of those alone. */
const involved = (
  which: (row: BotEpisodeRow) => boolean = () => true,
  value?: (row: BotEpisodeRow) => number,
): RuleOn =>
  on('bot-episode', {
    at: (row): Moment | null => (row.isInvolved && which(row) ? row.started : null),
    ...(value !== undefined && { value }),
  })

/** Contacts that a bot had and that are over; `which`: of those alone. */
const over = (which: (row: BotContactRow) => boolean): RuleOn =>
  on('bot-contact', { at: (row) => (which(row) ? row.over : null) })

const isAutonomous = ({ how, messages, isAfterHumans }: BotEpisodeRow): boolean =>
  how === 'resolved' && messages > 0 && !isAfterHumans

/** Why bots hand off, as far as there are words for it. */
const reasons: readonly string[] = ['limit', 'requested', 'unable', 'policy']

const handedOff = (isReason: (reason: string | null) => boolean): RuleOn =>
  involved(({ how, reason }) => how === 'handed-off' && isReason(reason))

/** Bots and AI agents: their stays with contacts, and what became of the contacts. */
export const bots = family('bots', 13, {
  botContactOver: count(
    1,
    over(() => true),
  ),
  botContained: count(
    2,
    over(({ isContained }) => isContained),
  ),
  botContactHandedOff: count(
    3,
    over(({ isHandedOff }) => isHandedOff),
  ),
  aiContact: count(4, on('bot-contact', { at: (row) => row.involved })),
  aiContactOpened: count(5, on('bot-contact', { at: (row) => row.opened, scope: 'wide' })),
  aiEpisode: count(6, involved()),
  aiAutonomous: count(7, involved(isAutonomous)),
  aiAssisted: count(
    8,
    involved(({ isAnswered }) => isAnswered),
  ),
  aiDropped: count(
    9,
    involved(({ how }) => how === 'dropped'),
  ),
  aiMessages: count(
    10,
    involved(
      ({ messages }) => messages > 0,
      ({ messages }) => messages,
    ),
  ),
  aiReopened: count(
    11,
    involved((row) => isAutonomous(row) && row.isReopened),
  ),
  /** Those that were resolved so long ago that a reopening would have been seen. */
  aiMature: maturingInAWeek(
    12,
    involved((row) => isAutonomous(row) && row.isMature),
  ),
  aiDurable: maturingInAWeek(
    13,
    involved((row) => isAutonomous(row) && row.isMature && !row.isReopened),
  ),
  handoffLimit: count(
    14,
    handedOff((reason) => reason === 'limit'),
  ),
  handoffRequested: count(
    15,
    handedOff((reason) => reason === 'requested'),
  ),
  handoffUnable: count(
    16,
    handedOff((reason) => reason === 'unable'),
  ),
  handoffPolicy: count(
    17,
    handedOff((reason) => reason === 'policy'),
  ),
  handoffOther: count(
    18,
    handedOff((reason) => reason !== null && !reasons.includes(reason)),
  ),
  handoffNone: count(
    19,
    handedOff((reason) => reason === null),
  ),
})

const overSql = (where?: string): readonly SqlTerm[] => [
  rowsOf('bot-contact', 'over', where === undefined ? {} : { where }),
]
const involvedSql = (where?: string, value?: string): readonly SqlTerm[] => [
  rowsOf('bot-episode', 'started', {
    where: where === undefined ? 'isInvolved' : `isInvolved AND ${where}`,
    ...(value !== undefined && { value }),
  }),
]
const autonomousSql = `how = 'resolved' AND messages > 0 AND NOT isAfterHumans`
const handedOffSql = (where: string): readonly SqlTerm[] =>
  involvedSql(`how = 'handed-off' AND ${where}`)

/** The same in SQL. */
export const botSql: FamilySql<keyof typeof bots.measures> = {
  botContactOver: overSql(),
  botContained: overSql('isContained'),
  botContactHandedOff: overSql('isHandedOff'),
  aiContact: [rowsOf('bot-contact', 'involved')],
  aiContactOpened: [rowsOf('bot-contact', 'opened', { scope: 'wide' })],
  aiEpisode: involvedSql(),
  aiAutonomous: involvedSql(autonomousSql),
  aiAssisted: involvedSql('isAnswered'),
  aiDropped: involvedSql(`how = 'dropped'`),
  aiMessages: involvedSql(undefined, 'messages'),
  aiReopened: involvedSql(`${autonomousSql} AND isReopened`),
  aiMature: involvedSql(`${autonomousSql} AND isMature`),
  aiDurable: involvedSql(`${autonomousSql} AND isMature AND NOT isReopened`),
  handoffLimit: handedOffSql(`reason = 'limit'`),
  handoffRequested: handedOffSql(`reason = 'requested'`),
  handoffUnable: handedOffSql(`reason = 'unable'`),
  handoffPolicy: handedOffSql(`reason = 'policy'`),
  handoffOther: handedOffSql(`reason NOT IN (${reasons.map((one) => `'${one}'`).join(', ')})`),
  handoffNone: handedOffSql('reason IS NULL'),
}

const {
  botContactOver,
  botContained,
  botContactHandedOff,
  aiContact,
  aiContactOpened,
  aiEpisode,
  aiAutonomous,
  aiAssisted,
  aiDropped,
  aiMessages,
  aiReopened,
  aiMature,
  aiDurable,
} = bots.measures

const whichContacts =
  'contacts as in `contacts_opened`: inbound ones with an opening; outbound and discarded ones are in none'
const atEnd = {
  countedAt: 'the end of the contact, the last one up to now',
  whenEmpty: '`null`, `nothing-happened`: no contact that a bot had is over',
} as const
const atStart = {
  countedAt: 'the begin of the episode',
  whenEmpty: '`null`, `nothing-happened`: no episode began in which a bot was involved',
} as const
const whatIsInvolved =
  'A bot is involved in an episode, one stay of a contact with it, if it wrote publicly (not `automatic: true`) or handed off for another reason than its limit'

const botContainedRate = ratio('bot_contained_rate', {
  name: { en: 'Contained by bots', zh: '机器人解决率' },
  description: {
    en: 'Share of contacts with a bot that were over without a human part and that the customer did not give up.',
    zh: '有机器人参与且已结束的会话中，未经人工且客户未放弃的占比，按会话结束时刻统计。',
  },
  direction: 'higher',
  of: botContained,
  per: botContactOver,
  docs: {
    formula:
      'contacts that were over while a bot had them, without any human part, and not dropped ÷ contacts that a bot had and that are over',
    ...atEnd,
    note: `${whichContacts}. Dropped: \`contact.abandoned\`, or \`contact.ended\` that is not by an agent and that no resolution goes with. What was handed to humans and given up in their queue is neither contained nor dropped. A contact that is open again is in neither number until it ends`,
  },
})

const handoffRate = ratio('handoff_rate', {
  name: { en: 'Hand-off rate', zh: '转人工率' },
  description: {
    en: 'Share of contacts with a bot that a bot handed off to humans.',
    zh: '有机器人参与且已结束的会话中，由机器人转人工的占比，按会话结束时刻统计。',
  },
  direction: 'lower',
  of: botContactHandedOff,
  per: botContactOver,
  docs: {
    formula:
      'contacts with a `contact.handed_off` to humans while a bot had them ÷ contacts that a bot had and that are over',
    ...atEnd,
    note: `${whichContacts}. What humans took without it (queued, assigned, written to) was not handed off`,
  },
})

const aiContacts = total('ai_contacts', {
  name: { en: 'AI contacts', zh: 'AI 会话量' },
  description: {
    en: 'Contacts in which a bot was involved, at the begin of its first such stay.',
    zh: 'AI 实际参与的会话数，按首次参与开始时刻统计。',
  },
  direction: 'neutral',
  of: aiContact,
  docs: {
    formula: 'contacts with an episode in which a bot was involved, each once',
    countedAt: 'the begin of the first such episode',
    whenEmpty: '0',
    note: `${whatIsInvolved}; ${whichContacts}`,
  },
})

const aiCoverage = ratio('ai_coverage', {
  name: { en: 'AI coverage', zh: 'AI 覆盖率' },
  description: {
    en: 'Share of opened contacts in which a bot was involved.',
    zh: '新开会话中 AI 实际参与的占比，按会话开启时刻统计。',
  },
  direction: 'neutral',
  dimensions: dimensions.filter((dimension) => dimension !== 'agent'),
  of: aiContactOpened,
  per: contacts.measures.contactOpened,
  docs: {
    formula: 'opened contacts with an episode in which a bot was involved ÷ contacts opened',
    countedAt: 'the opening',
    whenEmpty: '`null`, `nothing-happened`: no contact was opened',
    note: `${whatIsInvolved}. As \`contacts_opened\` it is of no agent`,
  },
})

const aiAutonomousRate = ratio('ai_autonomous_rate', {
  name: { en: 'AI autonomous resolution', zh: 'AI 自主解决率' },
  description: {
    en: 'Share of episodes of an involved bot that it resolved by itself.',
    zh: 'AI 参与的服务段中由 AI 独立解决的占比，按服务段开始时刻统计。',
  },
  direction: 'higher',
  of: aiAutonomous,
  per: aiEpisode,
  docs: {
    formula:
      'episodes in which the bot wrote and after which the contact was resolved, without a hand-off and without humans before ÷ episodes of an involved bot',
    ...atStart,
    note: `${whatIsInvolved}; ${whichContacts}. Resolved: \`contact.resolved\` (where closing resolves, \`contact.closed\`) while the bot has it, or after the connection ended and before anybody else has it. Humans were before if one had a part in the contact, or a bot had given it to them`,
  },
})

const aiAssistedRate = ratio('ai_assisted_rate', {
  name: { en: 'AI assisted', zh: 'AI 协助率' },
  description: {
    en: 'Share of episodes of an involved bot after which a human answered.',
    zh: 'AI 参与的服务段中随后由人工应答的占比，按服务段开始时刻统计。',
  },
  direction: 'neutral',
  of: aiAssisted,
  per: aiEpisode,
  docs: {
    formula:
      'episodes that were handed off or taken and after which a human answered, before a bot had the contact again ÷ episodes of an involved bot',
    ...atStart,
    note: 'an answer: a public message of a human that is not automatic; of a call its assignment. Who left in the queue after a hand-off was not assisted',
  },
})

/** By the words for it; the numerator is all of them. */
const byReason = {
  limit: bots.measures.handoffLimit,
  requested: bots.measures.handoffRequested,
  unable: bots.measures.handoffUnable,
  policy: bots.measures.handoffPolicy,
  other: bots.measures.handoffOther,
  none: bots.measures.handoffNone,
} as const

const aiHandoffRate = ratio('ai_handoff_rate', {
  name: { en: 'AI hand-off', zh: 'AI 转人工率' },
  description: {
    en: 'Share of episodes of an involved bot that it handed off to humans, by reason.',
    zh: 'AI 参与的服务段中转人工的占比（附原因分布），按服务段开始时刻统计。',
  },
  direction: 'lower',
  of: Object.values(byReason),
  per: aiEpisode,
  beside: [breakdownBeside(byReason)],
  docs: {
    formula: 'episodes that were handed off to humans ÷ episodes of an involved bot',
    ...atStart,
    note: '`breakdown` has the number of them by the `reason` of `contact.handed_off`: `limit`, `requested`, `unable`, `policy`, `other` for any other word, `none` where nobody said. A bot that hands off at its limit without having written is not involved',
  },
})

const aiDroppedRate = ratio('ai_dropped_rate', {
  name: { en: 'AI dropped', zh: 'AI 流失率' },
  description: {
    en: 'Share of episodes of an involved bot in which the customer gave up.',
    zh: 'AI 参与的服务段中客户放弃的占比，按服务段开始时刻统计。',
  },
  direction: 'lower',
  of: aiDropped,
  per: aiEpisode,
  docs: {
    formula: 'episodes in which the customer gave up ÷ episodes of an involved bot',
    ...atStart,
    note: 'gave up: `contact.abandoned`, or `contact.ended` by the customer, the system or nobody named, that no resolution goes with. Resolved or closed is no giving up, nor is what happens after a hand-off',
  },
})

const noAutonomous = '`null`, `nothing-happened`: a bot resolved none by itself'

const aiReopenRate = ratio('ai_reopen_rate', {
  name: { en: 'AI reopen rate', zh: 'AI 重开率' },
  description: {
    en: 'Share of autonomous resolutions of bots whose contact was reopened within 7 days.',
    zh: 'AI 独立解决后 7 天内会话被重新打开的占比，按服务段开始时刻统计。',
  },
  direction: 'lower',
  of: aiReopened,
  per: aiAutonomous,
  beside: [provisionalUntil(aiAutonomous, () => botWindowMs)],
  docs: {
    formula:
      'autonomous episodes whose contact was reopened within 7 days after the resolution ÷ autonomous episodes (`ai_autonomous_rate`)',
    countedAt: atStart.countedAt,
    whenEmpty: noAutonomous,
    note: 'by whomever: the customer, an agent or the system; a reopening at exactly 7 days is within. `provisionalUntil`: 7 days after the last of them began',
  },
})

const aiDurableRate = ratio('ai_durable_rate', {
  name: { en: 'AI durable resolution', zh: 'AI 持久解决率' },
  description: {
    en: 'Share of autonomous resolutions of bots, at least 7 days old, whose contact was not reopened.',
    zh: 'AI 独立解决满 7 天且未被重新打开的占比，按服务段开始时刻统计。',
  },
  direction: 'higher',
  of: aiDurable,
  per: aiMature,
  beside: [provisionalUntil(aiAutonomous, () => botWindowMs)],
  docs: {
    formula:
      'autonomous episodes whose resolution is at least 7 days ago and whose contact was not reopened within these ÷ autonomous episodes whose resolution is at least 7 days ago',
    countedAt: `${atStart.countedAt}, once log time has come to the resolution + 7 days`,
    whenEmpty: '`null`, `nothing-happened`: a bot resolved none by itself so long ago',
    note: 'periods within the last 7 days are empty, and `provisionalUntil` as `ai_reopen_rate`. A reopening within the 7 days that is told after them still counts against it',
  },
})

const aiDepth = ratio('ai_depth', {
  name: { en: 'AI depth', zh: 'AI 对话深度' },
  description: {
    en: 'How many public messages a bot writes in an episode in which it is involved.',
    zh: 'AI 参与的每个服务段中 AI 公开消息的平均条数，按服务段开始时刻统计。',
  },
  direction: 'neutral',
  unit: 'index',
  of: aiMessages,
  per: aiEpisode,
  docs: {
    formula: 'public messages of bots in episodes of an involved bot ÷ these episodes',
    ...atStart,
    note: 'automatic messages and private ones are not counted; an edit is no further message',
  },
})

export const botKpis: readonly Kpi[] = [
  botContainedRate,
  handoffRate,
  aiContacts,
  aiCoverage,
  aiAutonomousRate,
  aiAssistedRate,
  aiHandoffRate,
  aiDroppedRate,
  aiReopenRate,
  aiDurableRate,
  aiDepth,
]
