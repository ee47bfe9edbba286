import type { Grain } from '@deskpulse/core/subjects'
import { type CellsOf, column, type Columns, optional } from './column.ts'
import { contactTables, ofThread } from './contact-tables.ts'
import { momentColumns, optionalMoment } from './moment.ts'
import { saleMoments } from './sale-moments.ts'

/** What every row begins with. */
export const commonColumns = {
  subjectKind: column('text', '`contact`, `customer`, `agent`, `complaint` …: whose row it is'),
  subjectId: column(
    'text',
    'its id, as the log has it: that of a customer is a pseudonym, or the word of who was erased',
  ),
  key: column('text', 'unique among the rows of the subject'),
} satisfies Columns

/** Of what may name a period of local dates. */
export const periodColumns = {
  periodStart: optional(
    'text',
    'the first date of the period that it names; `null`: it names none',
  ),
  periodEnd: optional('text', 'the last one'),
  countsIn: optional(
    'text',
    'the kinds of periods of which one contains all of it, in which alone it counts: of `day`, `week`, `month`, `quarter`, `year`, separated by commas; `null`: it names none, and counts in all that holds its instant',
  ),
} satisfies Columns

/**
 * A table for each grain, and one each for the thresholds of replies and of passes and for the places of customers' periods and of agents' days, of which a row has several. Its columns, beside `grain` and the common ones, in the order of CSV.
 * Names stay for good, and new columns come last.
 */
export const rowTables = {
  ...contactTables,
  session: {
    contactId: column('text', 'the contact after which its customer came back'),
    ...momentColumns('repeated', 'the resolution of that contact, at which the repeat counts'),
    isMature: column('flag', 'the window after that has passed'),
    isInAuthority: column('flag', 'that contact is within authority'),
    ...ofThread,
  },
  repeat: {
    contactId: column('text', 'the contact with which its customer came back'),
    ...momentColumns('opened', 'its opening'),
    ...ofThread,
  },
  'customer-period': {
    period: column('text', '`hour`, `day`, `week`, `month`, `quarter` or `year`'),
    startAt: column('instant', 'where it begins, in the zone of the tenant'),
    ...optionalMoment('served', 'the first answer to the customer in it'),
    ...optionalMoment('due', 'the first reply to the customer that came due in it'),
    ...optionalMoment('missed', 'the first of these that was missed at its limit'),
    ...saleMoments('the first'),
  },
  'customer-period-place': {
    periodKey: column('text', '`key` of the row of the period'),
    nth: column(
      'count',
      'counts the first instants of each kind in the period, one at each place: answers, then replies that came due, then those that were missed, then those of sales in the order of the columns, each by their instants',
    ),
    ...optionalMoment('served', 'the first answer at that place'),
    period: column('text', '`period` of the row of the period'),
    ...optionalMoment('due', 'or the first reply that came due at that place'),
    ...optionalMoment('missed', 'or the first of these that was missed at its limit'),
    ...saleMoments('or, at that place, the first'),
  },
  'contract-count': {
    period: column('text', '`hour`, `day`, `week`, `month`, `quarter` or `year`'),
    ...momentColumns('begun', 'where it begins, in the zone of the tenant'),
    customers: column('count', 'who was under contract then'),
  },
  'contract-loss': {
    period: column('text', '`hour`, `day`, `week`, `month`, `quarter` or `year`'),
    startAt: column('instant', 'where it begins, in the zone of the tenant'),
    ...momentColumns('left', 'the last leaving of the customer in it'),
  },
  'agent-time': {
    agentClass: column('text', '`handling`, `available` or `not_ready`'),
    fromAt: column('instant', 'begin of the stretch'),
    toAt: column('instant', 'its end, which is not in it'),
    agent: column('text', 'whose time it is'),
    queues: column(
      'text',
      'the queues that it is credited to, each in full: separated by commas, `%` and `,` in a name percent-encoded; empty: none',
    ),
    durationMs: column('ms', 'from `fromAt` to `toAt`'),
    contacts: column('count', 'how many contacts engage the agent at once'),
    capacity: optional('count', 'how many would fit; `null`: none was told'),
  },
  staffing: {
    ...momentColumns('from', 'the begin of the quarter-hour'),
    staffedMs: column('ms', 'what of the agent’s staffed time in it went to the queue'),
  },
  'effective-part': {
    contactId: column('text', 'the contact'),
    ...momentColumns('ended', 'the last end of the agent’s part in it'),
    effectiveMs: column('ms', 'what it took, each millisecond divided by the contacts at once'),
    ...ofThread,
  },
  'agent-day': {
    startAt: column('instant', 'where the day begins, in the zone of the tenant'),
    ...momentColumns('handled', 'the first contact of the agent that was handled in it'),
  },
  'agent-day-place': {
    dayKey: column('text', '`key` of the row of the day'),
    nth: column(
      'count',
      'the first handled contacts of the day, one at each place, by their instants',
    ),
    ...momentColumns('handled', 'the first handled contact at that place'),
  },
  survey: {
    kind: column('text', '`csat`, `nps`, `ces` or `quality`'),
    subject: optional(
      'text',
      'whom the answer judges: `human`, `bot` or `assisted`, a bot and a human; `null`: nobody is known',
    ),
    ...optionalMoment('invited', 'the first time that the customer was asked'),
    isReturned: column('flag', 'an answer came to that'),
    ...optionalMoment('answered', 'the last answer'),
    scoreMillionths: optional('count', 'of the answer, of 100 points, in millionths of a point'),
    isSatisfied: column('flag', 'the answer is satisfied'),
    ...ofThread,
  },
  complaint: {
    ...optionalMoment('filed', 'the filing'),
    ...optionalMoment('settled', 'the settlement'),
    isJustified: column('flag', 'as it was settled'),
    handleMs: optional(
      'ms',
      'from the filing to the settlement; `null`: one of them was not told, or the settlement was before',
    ),
  },
  review: {
    ...momentColumns('posted', 'the rating'),
    isBad: column('flag', 'it is a bad one'),
    isCausedByService: column('flag', 'service is what it blames'),
  },
  'follow-up': {
    ...momentColumns('due', 'when it was due'),
    isDone: column('flag', 'it was done'),
  },
  incident: {
    openedAt: column('instant', 'since when the service was down'),
    ...momentColumns('restored', 'it is back'),
    downMs: column('ms', 'from `openedAt` to that'),
  },
  'sale-offer': {
    ...momentColumns('made', 'the offer'),
    isAccepted: column('flag', 'the customer took it'),
  },
  refund: {
    ...momentColumns('requested', 'the request'),
    ...optionalMoment('handled', 'the first handling after it'),
    isInTime: column('flag', 'it was handled, and not after it was due'),
    isCorrect: column('flag', 'nobody said last that it was not'),
    handleMs: optional('ms', 'from the request to the handling; `null`: it is not handled'),
  },
  order: {
    customerId: optional(
      'text',
      'whose it is: a pseudonym, or the word of who was erased; `null`: only a return was told',
    ),
    ...optionalMoment('placed', 'the first word that it was placed'),
    ...optionalMoment('paid', 'the first word that it was paid'),
    paidMinor: optional('count', 'what was paid by the last word, in minor units of `currency`'),
    returnedMinor: optional('count', 'how much of that came back with goods'),
    refundedMinor: optional('count', 'how much of the rest was refunded'),
    currency: optional('text', 'of what was paid, as `CNY`'),
    isReturned: column('flag', 'goods of it came back'),
    isRefunded: column('flag', 'a refund of it was handled'),
    isReturnedByService: column('flag', 'service was the cause of that'),
    isConverted: column(
      'flag',
      'it was paid, and the payment belongs to a session or an event names an agent',
    ),
  },
  'bot-episode': {
    ordinal: column('count', 'counts the stays of the contact with bots'),
    ...momentColumns('started', 'its begin, in the queue then'),
    endedAt: optional('instant', 'its end; `null`: the bot still has the contact'),
    how: optional('text', '`handed-off`, `taken`, `resolved`, `closed` or `dropped`'),
    reason: optional('text', 'why it was handed off; `null`: it was not, or nobody said'),
    messages: column('count', 'public messages of the bot in it that were not automatic'),
    isInvolved: column('flag', 'the bot wrote, or handed off for another reason than its limit'),
    isAfterHumans: column('flag', 'humans had had the contact before'),
    isAnswered: column('flag', 'a human answered after it, before a bot had the contact again'),
    isReopened: column('flag', 'the contact was reopened within 7 days after it was resolved'),
    isMature: column('flag', 'it was resolved at least 7 days ago'),
    ...ofThread,
  },
  'bot-contact': {
    ...optionalMoment('opened', 'the opening; `null`: no bot was involved'),
    ...optionalMoment('involved', 'the begin of the first episode with an involved bot'),
    ...optionalMoment('over', 'the last end of the contact up to now; `null`: it is open'),
    isContained: column(
      'flag',
      'it was over with a bot, the customer did not give up, and no human ever had a part in it',
    ),
    isHandedOff: column('flag', 'a bot handed it off to humans'),
    ...ofThread,
  },
  forecast: {
    toldAt: column('instant', 'when it was told, by the event that counts'),
    ...momentColumns('from', 'its first minute'),
    toAt: column('instant', 'the end of its last minute that has begun'),
    offeredMillionths: column('count', 'what is expected up to there, in millionths of a contact'),
    workMs: optional('ms', 'the handle time of these; `null`: nothing was told of it'),
    agentMs: optional('ms', 'the time of the agents who are planned; `null`: nobody told of any'),
    startAt: column('instant', 'begin of the interval of the forecast'),
    endAt: column('instant', 'its end'),
    wholeOfferedMillionths: column('count', 'what is expected in all of it'),
    wholeWorkMs: optional('ms', 'the handle time of all of these'),
    wholeAgentMs: optional('ms', 'the time of the agents who are planned in all of it'),
  },
  'shift-time': {
    ...momentColumns('from', 'the begin of the stretch'),
    toAt: column('instant', 'its end, which is not in it'),
    scheduled: optional(
      'text',
      'what was scheduled: `productive`, `break`, `meeting`, `training`, `other` or `off`; `null`: nothing, it is around a shift',
    ),
    actual: column('text', 'what the agent did, in the same words'),
    durationMs: column('ms', 'from `fromAt` to `toAt`'),
  },
  shift: {
    shiftId: column('text', 'the shift'),
    startAt: column('instant', 'its begin'),
    ...momentColumns('ended', 'its end'),
    signedInMs: column('ms', 'how much of it the agent was signed in'),
    isAttended: column('flag', 'that was at least half of it'),
  },
  attendance: {
    ...momentColumns('begun', 'the local begin of the date'),
    isScheduled: column('flag', 'the agent was to work on it'),
    isAttended: column('flag', 'and did, or worked although it was not to'),
    violations: column('count', 'how many violations were told'),
  },
  'quality-review': {
    ...momentColumns('counted', 'the review, or the begin of the period that it names'),
    ...periodColumns,
    kind: column('text', '`call`, `ticket_hygiene` or `accuracy`'),
    scoreMillionths: column('count', 'its score, of 100, in millionths of a point'),
    isPassed: column('flag', 'it passed'),
    criticalErrors: column('count', 'how many critical errors it found'),
    reviewer: optional('text', 'who reviewed; `null`: nobody said'),
    form: optional('text', 'by which form; `null`: nobody said'),
    formVersion: optional('text', 'by which version of it'),
    questions: column('count', 'how many questions were scored'),
  },
  violation: {
    ...momentColumns('recorded', 'the violation'),
    kind: column('text', '`banned_phrase` or another word'),
    violations: column('count', 'how often'),
  },
  assessment: {
    ...momentColumns('counted', 'the begin of the period that it names'),
    ...periodColumns,
    kind: column('text', '`knowledge_test`, `training`, `collaboration` … or another word'),
    rater: column('text', '`self`, `supervisor`, `peer`, `customer` or `system`'),
    scoreMillionths: column('count', 'the score, of 100, in millionths of a point'),
    isPassed: column('flag', 'it was passed'),
  },
  'employee-survey': {
    ...momentColumns('answered', 'the answer'),
    scoreMillionths: column('count', 'its score, brought to 100, in millionths of a point'),
  },
  cost: {
    ...momentColumns('counted', 'the begin of the period that it names'),
    ...periodColumns,
    kind: optional('text', '`salaries`, `telephony` or another word; `null`: nobody said'),
    amountMinor: column('count', 'how much, in minor units of `currency`'),
    currency: column('text', 'as `CNY`'),
  },
} satisfies Readonly<
  Record<
    Grain | 'reply-threshold' | 'pass-threshold' | 'customer-period-place' | 'agent-day-place',
    Columns
  >
>

export type RowTable = keyof typeof rowTables
export const rowTableNames = Object.keys(rowTables) as readonly RowTable[]

/** A row as it crosses a process: flat, its instants as text, each dimension of each instant's credit a cell of its own. */
export type FlatRowOf<Name extends RowTable> = Name extends RowTable
  ? { readonly grain: Name } & CellsOf<typeof commonColumns> & CellsOf<(typeof rowTables)[Name]>
  : never
export type FlatRow = { [Name in RowTable]: FlatRowOf<Name> }[RowTable]

/** All columns of a table, in the order of CSV. */
export const columnsOfTable = (name: RowTable): Columns => ({
  grain: column('text', `\`${name}\``),
  ...commonColumns,
  ...rowTables[name],
})
