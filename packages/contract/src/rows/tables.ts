import type { Grain } from '@deskpulse/core/subjects'
import { type CellsOf, column, type Columns, optional } from './column.ts'
import { momentColumns, optionalMoment } from './moment.ts'

/** What every row begins with. */
export const commonColumns = {
  subjectKind: column('text', '`contact`, `customer`, `agent`, `complaint` …: whose row it is'),
  subjectId: column('text', 'its id, as the log has it: that of a customer is a pseudonym'),
  key: column('text', 'unique among the rows of the subject'),
} satisfies Columns

/**
 * A table for each grain, and one each for the thresholds of replies and of passes and for the places of customers' periods, of which a row has several. Its columns, beside `grain` and the common ones, in the order of CSV.
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
      '`exclude` or `separate`: the contact began outside of its hours, and is not counted like all others',
    ),
    otherLimitAt: optional('instant', 'the limit on the other clock; `null`: it is the same'),
    ...optionalMoment('otherDue', 'min(answer, limit) on the other clock'),
    isOtherDueWithin: optional('flag', 'it was answered when it was due on the other clock'),
    otherWaitMs: optional('ms', 'the wait on the other clock'),
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
  },
  'pass-threshold': {
    passKey: column('text', '`key` of the row of its pass'),
    seconds: column('count', 'the threshold, one of the tenant’s `thresholdsSeconds`'),
    ...momentColumns('due', 'min(end, since + threshold)'),
    isWithin: column('flag', 'it was answered then'),
  },
  part: {
    agent: column('text', 'whose part it is'),
    isFirst: column('flag', 'of all parts of the contact it was handled first'),
    isTransferred: column('flag', 'the contact was passed on at least once'),
    isEscalated: column('flag', 'it was handed up'),
    ...optionalMoment('handled', 'its first end, of a contact that was asked for and answered'),
    ...optionalMoment('ended', 'its last end up to now'),
    handleMs: optional('ms', 'all of it'),
    talkMs: optional('ms', 'talk time; `null`: it is no call'),
    holdMs: optional('ms', 'hold time'),
    wrapUpMs: optional('ms', 'after-contact work; `null`: nothing was told of it'),
  },
  resolution: {
    ordinal: column('count', 'counts the resolutions of the contact'),
    ...momentColumns('resolved', 'the resolution'),
  },
  reopening: {
    ordinal: column('count', 'counts the reopenings of the contact'),
    ...momentColumns('reopened', 'the reopening'),
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
    clock: optional('text', '`calendar` or `business`: on which `resolvedAfterMs` is'),
    otherResolvedAfterMs: optional('ms', 'the same on the other clock'),
  },
  session: {
    contactId: column('text', 'the contact after which its customer came back'),
    ...momentColumns('repeated', 'the resolution of that contact, at which the repeat counts'),
    isMature: column('flag', 'the window after that has passed'),
  },
  'customer-period': {
    period: column('text', '`hour`, `day`, `week`, `month`, `quarter` or `year`'),
    startAt: column('instant', 'where it begins, in the zone of the tenant'),
    ...momentColumns('served', 'the first answer to the customer in it'),
  },
  'customer-period-place': {
    periodKey: column('text', '`key` of the row of the period'),
    nth: column('count', 'the first answers of the period, one at each place, by their instants'),
    ...momentColumns('served', 'the first answer at that place'),
    period: column('text', '`period` of the row of the period'),
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
} satisfies Readonly<
  Record<Grain | 'reply-threshold' | 'pass-threshold' | 'customer-period-place', Columns>
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
