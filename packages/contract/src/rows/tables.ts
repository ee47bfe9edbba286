import type { Grain } from '@deskpulse/core/subjects'
import { type CellsOf, column, type Columns, optional } from './column.ts'
import { momentColumns, optionalMoment } from './moment.ts'

/** What every row begins with. */
export const commonColumns = {
  subjectKind: column('text', '`contact`, `customer`, `agent`, `complaint` …: whose row it is'),
  subjectId: column('text', 'its id, as the log has it: that of a customer is a pseudonym'),
  key: column('text', 'unique among the rows of the subject'),
} satisfies Columns

/** Last in the tables of what contacts, and sessions of contacts, tell. */
const ofThread = {
  session: column(
    'count',
    'which session of a thread it is of; 1: the first, as of all other contacts',
  ),
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
  reply: {
    ordinal: column('count', 'counts the owed replies of the contact'),
    since: column('instant', 'since when it is owed'),
    limitAt: column('instant', 'its limit: an answer at that instant is within'),
    isFirst: column('flag', 'it is the first one of a contact that its customer asked for'),
    ...optionalMoment('answered', 'the answer'),
    ...optionalMoment('cancelled', 'nobody owed it any more, before it was due'),
    ...optionalMoment('due', 'min(answer, limit), once that has come'),
    isDueWithin: optional('flag', 'it was answered when it was due'),
    ...optionalMoment('lost', 'the wait was given up, and no end of it was told since'),
    waitMs: optional('ms', 'the wait, from `since` to the answer, on `clock`'),
    clock: column('text', '`calendar` or `business`: on which `limitAt`, `due` and `waitMs` are'),
    outside: optional(
      'text',
      '`exclude` or `separate`: the contact began outside of its hours, or the reply outside of `responseWindow` (then `exclude`), and is not counted like all others',
    ),
    otherLimitAt: optional('instant', 'the limit on the other clock; `null`: it is the same'),
    ...optionalMoment('otherDue', 'min(answer, limit) on the other clock'),
    isOtherDueWithin: optional('flag', 'it was answered when it was due on the other clock'),
    otherWaitMs: optional('ms', 'the wait on the other clock'),
    queueMs: optional(
      'ms',
      'of a first reply: how much of `waitMs` was before the assignment that led to the answer',
    ),
    otherQueueMs: optional('ms', 'the same on the other clock'),
    ...optionalMoment('capped', 'min(answer, since + cap), once that has come'),
    cappedMs: optional('ms', 'the wait by then, on `clock`: the cap, where nobody had answered'),
    ...optionalMoment('otherCapped', 'min(answer, since + cap) on the other clock'),
    otherCappedMs: optional('ms', 'the wait by then on the other clock'),
    ...ofThread,
  },
  'reply-threshold': {
    replyKey: column('text', '`key` of the row of its reply'),
    seconds: column('count', 'the threshold, one of the tenant’s `thresholdsSeconds`'),
    ...momentColumns('due', 'min(answer, since + threshold)'),
    isWithin: column('flag', 'it was answered then'),
    outside: optional('text', '`outside` of the row of its reply'),
    isOther: column('flag', 'it is of the other clock than that of the reply'),
  },
  pass: {
    since: column('instant', 'since when the call was in the queue, or waited for an agent'),
    ...optionalMoment('lost', 'it was given up, and no end of it was told since'),
    ordinal: column('count', 'counts the waits of the call'),
    queue: optional('text', 'the queue; `null`: it was in none yet, and is no pass'),
    ...optionalMoment('entered', 'the entry into the queue; `null`: it is no pass'),
    limitAt: column('instant', 'its limit: an answer at that instant is within'),
    ...optionalMoment('due', 'min(end, limit), once that has come'),
    isDueWithin: optional('flag', 'it was answered when it was due'),
    ...optionalMoment('ended', 'its end; of an answer, credited to the agent'),
    how: optional('text', '`answered`, `abandoned` or `left`'),
    reason: optional(
      'text',
      'why it left, as the event says that took it out; without a word `overflow` into another queue, `ended` where the call was over',
    ),
    waitMs: optional('ms', 'the wait, from `since` to the end'),
    ...ofThread,
  },
  'pass-threshold': {
    passKey: column('text', '`key` of the row of its pass'),
    seconds: column('count', 'the threshold, one of the tenant’s `thresholdsSeconds`'),
    ...momentColumns('due', 'min(end, since + threshold)'),
    isWithin: column('flag', 'it was answered then'),
    enteredAt: optional('instant', 'the entry of its pass'),
  },
  offer: {
    ordinal: column('count', 'counts the offers of the contact, in the order in which they ended'),
    agent: column('text', 'to whom it was presented'),
    since: optional('instant', 'its beginning; `null`: nobody told it'),
    ...momentColumns('ended', 'its end'),
    how: column('text', '`accepted`, `missed` or `withdrawn`'),
    reason: optional('text', 'why it was not accepted, as `contact.declined` says'),
    ...ofThread,
  },
  part: {
    agent: column('text', 'whose part it is'),
    isFirst: column('flag', 'of all parts of the contact it was handled first'),
    isTransferred: column('flag', 'the contact was passed on at least once'),
    isEscalated: column('flag', 'it was handed up'),
    isInvited: column('flag', 'its customer was asked for a rating'),
    ...optionalMoment('handled', 'its first end, of a contact that was asked for and answered'),
    ...optionalMoment('ended', 'its last end up to now'),
    handleMs: optional('ms', 'all of it'),
    talkMs: optional('ms', 'talk time; `null`: it is no call'),
    holdMs: optional('ms', 'hold time'),
    wrapUpMs: optional('ms', 'after-contact work; `null`: nothing was told of it'),
    holds: optional('count', 'how often a call was held'),
    holdAbandons: optional('count', 'how often the customer hung up on hold'),
    isResolved: column('flag', 'the contact had been resolved by `handledAt`'),
    isResolvedLater: column('flag', 'it was resolved after that'),
    ...ofThread,
  },
  resolution: {
    ordinal: column('count', 'counts the resolutions of the contact'),
    ...momentColumns('resolved', 'the resolution'),
    ...ofThread,
  },
  reopening: {
    ordinal: column('count', 'counts the reopenings of the contact'),
    ...momentColumns('reopened', 'the reopening'),
    ...ofThread,
  },
  escalation: {
    ordinal: column('count', 'counts the escalations of the contact'),
    kind: optional('text', '`conflict`, `technical` or another word; `null`: nobody said'),
    ...momentColumns('escalated', 'the escalation'),
    ...optionalMoment(
      'reacted',
      'the first assignment to, or public message by, another agent than the one who held it',
    ),
    afterMs: optional('ms', 'from the escalation to that'),
    ...ofThread,
  },
  contact: {
    ...optionalMoment('opened', 'an inbound contact began with an opening'),
    ...optionalMoment('answered', 'the first answer of a human since somebody asked'),
    ...optionalMoment('resolved', 'its first resolution'),
    resolvedAfterMs: optional('ms', 'that since the customer’s request'),
    isReopened: optional('flag', 'somebody reopened it within the window after that'),
    ...optionalMoment(
      'firstContact',
      'the first resolution, where it is in the denominator of first-contact resolution; `firstContactTopic` is the topic of that instant',
    ),
    isSolved: optional('flag', 'of those: the customer did not reopen it within the window'),
    isIdentified: optional('flag', 'of those: it has a customer'),
    isMature: optional('flag', 'of those: the window has passed'),
    ...optionalMoment('resolutionDue', 'min(resolution, limit), once that has come'),
    isResolutionDueWithin: optional('flag', 'it was resolved when that was due'),
    clock: optional(
      'text',
      '`calendar` or `business`: on which `resolvedAfterMs` and all times of the row are, but for `other…`; `null`: nobody asked yet',
    ),
    otherResolvedAfterMs: optional('ms', '`resolvedAfterMs` on the other clock'),
    isInAuthority: column('flag', 'nobody said at last that it is not within authority'),
    isResolvedInTime: optional('flag', 'it was resolved by 24 h after `openedAt`'),
    ...optionalMoment('started', 'an agent got to work on it, since somebody asked'),
    startedAfterMs: optional('ms', 'that since the customer’s request'),
    otherStartedAfterMs: optional('ms', 'the same on the other clock'),
    resolvedActiveMs: optional('ms', '`resolvedAfterMs` less the time in which it was pended'),
    otherResolvedActiveMs: optional('ms', 'the same on the other clock'),
    resolvedFromStartMs: optional(
      'ms',
      'from `startedAt` to `resolvedAt`; `null`: nobody had got to work on it',
    ),
    otherResolvedFromStartMs: optional('ms', 'the same on the other clock'),
    resolvedFromStartActiveMs: optional(
      'ms',
      '`resolvedFromStartMs` less the time in which it was pended',
    ),
    otherResolvedFromStartActiveMs: optional('ms', 'the same on the other clock'),
    isFirstLevel: optional('flag', 'by `resolvedAt` it was neither transferred nor escalated'),
    ...optionalMoment('lastResolved', 'its last resolution up to now'),
    lastResolvedAfterMs: optional('ms', 'that since the customer’s request'),
    otherLastResolvedAfterMs: optional('ms', 'the same on the other clock'),
    lastResolvedActiveMs: optional(
      'ms',
      '`lastResolvedAfterMs` less the time in which it was pended',
    ),
    otherLastResolvedActiveMs: optional('ms', 'the same on the other clock'),
    ...optionalMoment(
      'closedUnresolved',
      'its first close after humans handled it, where it counts in first-contact resolution and was never resolved; `closedUnresolvedTopic` is the topic of that instant',
    ),
    isClosedUnresolvedIdentified: optional('flag', 'of those: it has a customer'),
    ...optionalMoment('leftMessage', 'the opening, of one that was left as a message'),
    ...optionalMoment('hungUp', 'the first word on which side hung up, of an answered call'),
    isHungUpByAgent: optional('flag', 'it was the agent'),
    ...optionalMoment(
      'ended',
      'since then it is over; `null`: it is open, or had nobody but a bot',
    ),
    stations: optional('count', 'distinct queues and agents that it was in by then'),
    queueWaitMs: optional('ms', 'all its passes together; `null`: it has none'),
    isEndedAnswered: optional('flag', 'of those that are over: a human answered it'),
    messages: optional(
      'count',
      'of those: messages of its customer and of humans; `null`: it is a call',
    ),
    closeMs: optional('ms', 'of those, live: from the customer’s last message to the end'),
    isSilent: optional('flag', 'of those, live and opened inbound: its customer never wrote'),
    ...optionalMoment('firstReply', 'the opening, of one that was ever owed a first reply'),
    isFirstReplyWithin: optional('flag', 'of those: that reply was given within its limit'),
    isResolvedInDay: optional('flag', 'of those: it was resolved within 24 h of the opening'),
    ...optionalMoment(
      'sessionEnd',
      'the last instant at which it was over, of one with a reply that was answered or missed by then',
    ),
    sessionReplies: optional('count', 'of those: how many replies were answered by then'),
    sessionWaitMs: optional(
      'ms',
      'of those: the waits for these together, on the clock of its class',
    ),
    sessionMissed: optional(
      'count',
      'of those: how many were over without an answer after `sessionMeanSeconds`',
    ),
    sessionLimitMs: optional('ms', 'of those: `sessionMeanSeconds` as at the end'),
    ...ofThread,
  },
  message: {
    ordinal: column('count', 'counts these messages of the contact'),
    sender: column('text', '`customer` or `agent`: who wrote it'),
    ...momentColumns('sent', 'the message'),
    responseMs: optional(
      'ms',
      'of a customer: since the first message of a human after the customer’s last one; `null`: there is none',
    ),
    ...ofThread,
  },
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
  },
  'customer-period-place': {
    periodKey: column('text', '`key` of the row of the period'),
    nth: column(
      'count',
      'counts the first instants of each kind in the period, one at each place: answers, then replies that came due, then those that were missed, each by their instants',
    ),
    ...optionalMoment('served', 'the first answer at that place'),
    period: column('text', '`period` of the row of the period'),
    ...optionalMoment('due', 'or the first reply that came due at that place'),
    ...optionalMoment('missed', 'or the first of these that was missed at its limit'),
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
