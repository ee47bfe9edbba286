import type { DimensionSet } from '../measures/dimension-set.ts'
import type { EpochMs } from '../time/time.ts'
import type { AgentDayRow, AgentTimeRow, EffectivePartRow, StaffingRow } from './rows/agent.ts'
import type { BotContactRow, BotEpisodeRow } from './rows/bot.ts'
import type {
  ReplyRow,
  ReplyOnClock,
  PassRow,
  OfferRow,
  PartRow,
  ResolutionRow,
  ReopeningRow,
  ContactRow,
  MessageRow,
  EscalationRow,
  FirstResolved,
  RepeatRow,
  SessionRow,
} from './rows/contact.ts'
import type { ContractCountRow, ContractLossRow } from './rows/contract.ts'
import type { CustomerPeriodRow } from './rows/customer.ts'
import type {
  AssessmentRow,
  CostRow,
  EmployeeSurveyRow,
  QualityReviewRow,
  ViolationRow,
} from './rows/manual.ts'
import type { Moment, Spread } from './rows/moment.ts'
import type {
  ComplaintRow,
  ReviewRow,
  FollowUpRow,
  IncidentRow,
  SaleOfferRow,
  RefundRow,
  OrderRow,
  ForecastRow,
} from './rows/own-id.ts'
import { keyInSession, keyOfSession, sessionOf } from './session-id.ts'
import type { SurveyRow } from './rows/survey.ts'
import type { AttendanceRow, ShiftRow, ShiftTimeRow } from './rows/shift.ts'

export type * from './rows/agent.ts'
export type * from './rows/bot.ts'
export type * from './rows/contact.ts'
export type * from './rows/contract.ts'
export type * from './rows/customer.ts'
export type * from './rows/manual.ts'
export type * from './rows/moment.ts'
export type * from './rows/own-id.ts'
export type * from './rows/shift.ts'
export type * from './rows/survey.ts'

/**
 * Rows are what subjects tell: each is one unit of counting, of one grain. A row says what happened and when, and where and for whom each of its
 * instants is credited. It says nothing of how that is counted: families do. Rows are values: one that changes is replaced.
 *
 * `Credit` is a set of dimension values; where rows are stored, it is a number in a list of them.
 */
export type Row<Credit = DimensionSet> =
  (ContactToldRow<Credit> & OfSession) | SessionRow<Credit> | RepeatRow<Credit> | OtherRow<Credit>

/** Which session of a thread a row is of; absent: the first one, as of all other contacts. */
type OfSession = { readonly session?: number }

/** Rows that contacts tell. */
type ContactToldRow<Credit> =
  | ReplyRow<Credit>
  | PassRow<Credit>
  | OfferRow<Credit>
  | PartRow<Credit>
  | ResolutionRow<Credit>
  | ReopeningRow<Credit>
  | EscalationRow<Credit>
  | ContactRow<Credit>
  | MessageRow<Credit>
  | BotEpisodeRow<Credit>
  | BotContactRow<Credit>
  | SurveyRow<Credit>

export type Grain = Row['grain']
export type RowOf<Name extends Grain, Credit = DimensionSet> = Extract<
  Row<Credit>,
  { readonly grain: Name }
>

/** Unique among the rows of a subject. Of a thread’s later sessions it begins with the number of the session. */
export function keyOfRow(row: Row<unknown>): string {
  const session = 'session' in row ? (row.session ?? 1) : 1
  return keyInSession(session, keyByGrain(row))
}

/** Of which session of a contact it is: 1, but of a thread. */
export function sessionOfRow(row: Row<unknown>): number {
  if ('session' in row && row.session !== undefined) return row.session
  return 'contactId' in row ? sessionOf(row.contactId).session : 1
}

function keyByGrain(row: Row<unknown>): string {
  switch (row.grain) {
    case 'reply':
    case 'pass':
    case 'offer':
    case 'resolution':
    case 'reopening':
    case 'message':
    case 'bot-episode':
    case 'escalation':
      return `${row.grain}/${row.ordinal}`
    case 'part':
      return `part/${row.agent}`
    case 'survey':
      return `survey/${row.kind}`
    case 'contact':
    case 'complaint':
    case 'review':
    case 'follow-up':
    case 'incident':
    case 'sale-offer':
    case 'refund':
    case 'order':
    case 'bot-contact':
    case 'attendance':
    case 'quality-review':
    case 'violation':
    case 'assessment':
    case 'employee-survey':
    case 'cost':
      return row.grain
    case 'session':
    case 'repeat':
      return keyOfSession(row.grain, row.contactId)
    case 'customer-period':
      return `customer-period/${row.period}/${row.startMs}`
    case 'contract-count':
      return `contract-count/${row.period}/${row.begun.atMs}`
    case 'contract-loss':
      return `contract-loss/${row.period}/${row.startMs}`
    case 'agent-time':
      return `agent-time/${row.fromMs}`
    case 'staffing':
      return row.queue === null ? `staffing/${row.startMs}` : `staffing/${row.startMs}/${row.queue}`
    case 'effective-part':
      return keyOfSession(row.grain, row.contactId)
    case 'agent-day':
      return `agent-day/${row.startMs}`
    case 'forecast':
      return `forecast/${row.from.atMs}`
    case 'shift-time':
      return `shift-time/${row.fromMs}`
    case 'shift':
      return `shift/${row.shiftId}`
  }
}

/** What a credit of a row becomes. `isOfInstant`: its topic is that of its instant; of all others it is the contact's last one. `atMs`: when it counts. */
export type CreditMap<From, To> = (credit: From, isOfInstant: boolean, atMs: EpochMs) => To

/** The row with other credits. */
export function withCredits<From, To>(row: Row<From>, map: CreditMap<From, To>): Row<To> {
  const moved: Moved<From, To> = (at) => ({ ...at, credit: map(at.credit, false, at.atMs) })
  switch (row.grain) {
    case 'reply': {
      const { answered, cancelled, lost, other } = row
      const onClock = ({
        due,
        thresholds,
        capped,
      }: ReplyOnClock<From>): Pick<ReplyOnClock<To>, 'due' | 'thresholds' | 'capped'> => ({
        due: due && moved(due),
        thresholds: thresholds.map(moved),
        capped: capped && moved(capped),
      })
      return {
        ...row,
        ...onClock(row),
        other: other && { ...other, ...onClock(other) },
        answered: answered && moved(answered),
        cancelled: cancelled && moved(cancelled),
        lost: lost && moved(lost),
      }
    }
    case 'pass': {
      const { entered, due, thresholds, ended, lost } = row
      return {
        ...row,
        entered: entered && moved(entered),
        due: due && moved(due),
        thresholds: thresholds.map(moved),
        ended: ended && moved(ended),
        lost: lost && moved(lost),
      }
    }
    case 'offer':
      return { ...row, ended: moved(row.ended) }
    case 'part':
      return {
        ...row,
        handled: row.handled && moved(row.handled),
        ended: row.ended && moved(row.ended),
      }
    case 'resolution':
      return { ...row, resolved: moved(row.resolved) }
    case 'reopening':
      return { ...row, reopened: moved(row.reopened) }
    case 'escalation':
      return {
        ...row,
        escalated: moved(row.escalated),
        reacted: row.reacted && moved(row.reacted),
      }
    case 'contact': {
      const { opened, leftMessage, started, answered, resolved, lastResolved } = row
      const { resolutionDue, closedUnresolved: closed, hungUp, ended } = row
      const { firstReply, sessionEnd } = row
      return {
        ...row,
        opened: opened && moved(opened),
        leftMessage: leftMessage && moved(leftMessage),
        started: started && moved(started),
        answered: answered && moved(answered),
        resolved: resolved && withFirstContact(resolved, map),
        lastResolved: lastResolved && moved(lastResolved),
        closedUnresolved: closed && { ...closed, credit: map(closed.credit, true, closed.atMs) },
        resolutionDue: resolutionDue && moved(resolutionDue),
        hungUp: hungUp && moved(hungUp),
        ended: ended && moved(ended),
        firstReply: firstReply && moved(firstReply),
        sessionEnd: sessionEnd && moved(sessionEnd),
      }
    }
    case 'message':
      return { ...row, sent: moved(row.sent) }
    case 'survey': {
      const { invited, answered } = row
      return { ...row, invited: invited && moved(invited), answered: answered && moved(answered) }
    }
    case 'bot-episode':
      return { ...row, started: moved(row.started) }
    case 'bot-contact': {
      const { opened, involved, over } = row
      return {
        ...row,
        opened: opened && moved(opened),
        involved: involved && moved(involved),
        over: over && moved(over),
      }
    }
    case 'session':
      return { ...row, repeated: moved(row.repeated) }
    case 'repeat':
      return { ...row, opened: moved(row.opened) }
    default:
      return otherWithCredits(row, map, moved)
  }
}

type Moved<From, To> = <At extends Moment<From>>(
  at: At,
) => Omit<At, 'credit'> & { readonly credit: To }

/** Rows that others than contacts and customers’ sessions tell. */
type OtherRow<Credit> =
  | CustomerPeriodRow<Credit>
  | ContractCountRow<Credit>
  | ContractLossRow<Credit>
  | AgentTimeRow<Credit>
  | StaffingRow<Credit>
  | EffectivePartRow<Credit>
  | AgentDayRow<Credit>
  | ComplaintRow<Credit>
  | ReviewRow<Credit>
  | FollowUpRow<Credit>
  | IncidentRow<Credit>
  | SaleOfferRow<Credit>
  | RefundRow<Credit>
  | OrderRow<Credit>
  | ForecastRow<Credit>
  | ShiftTimeRow<Credit>
  | ShiftRow<Credit>
  | AttendanceRow<Credit>
  | ManualRow<Credit>

/** What somebody wrote down by hand. */
type ManualRow<Credit> =
  | QualityReviewRow<Credit>
  | ViolationRow<Credit>
  | AssessmentRow<Credit>
  | EmployeeSurveyRow<Credit>
  | CostRow<Credit>

function otherWithCredits<From, To>(
  row: OtherRow<From>,
  map: CreditMap<From, To>,
  moved: Moved<From, To>,
): Row<To> {
  switch (row.grain) {
    case 'customer-period': {
      const spread = (one: Spread<From> | null): Spread<To> | null =>
        one && { ...moved(one), places: one.places.map(moved) }
      const { served, due, missed, paid, advised, converted, inquired, bought } = row
      const { paidBefore, retained } = row
      const { grain, period, startMs } = row
      return {
        ...{ grain, period, startMs },
        ...{ served: spread(served), due: spread(due), missed: spread(missed) },
        ...(paid && { paid: spread(paid)! }),
        ...(advised && { advised: spread(advised)! }),
        ...(converted && { converted: spread(converted)! }),
        ...(inquired && { inquired: spread(inquired)! }),
        ...(bought && { bought: spread(bought)! }),
        ...(paidBefore && { paidBefore: spread(paidBefore)! }),
        ...(retained && { retained: spread(retained)! }),
      }
    }
    case 'contract-count':
      return { ...row, begun: moved(row.begun) }
    case 'contract-loss':
      return { ...row, left: moved(row.left) }
    case 'agent-time':
    case 'shift-time':
      return { ...row, credit: map(row.credit, false, row.fromMs) }
    case 'shift':
      return { ...row, ended: moved(row.ended) }
    case 'attendance':
      return { ...row, begun: moved(row.begun) }
    case 'staffing':
      return { ...row, credit: map(row.credit, false, row.startMs) }
    case 'effective-part':
      return { ...row, ended: moved(row.ended) }
    case 'agent-day': {
      const { handled } = row
      return { ...row, handled: { ...moved(handled), places: handled.places.map(moved) } }
    }
    case 'complaint': {
      const { filed, settled } = row
      return { ...row, filed: filed && moved(filed), settled: settled && moved(settled) }
    }
    case 'review':
      return { ...row, posted: moved(row.posted) }
    case 'follow-up':
      return { ...row, due: moved(row.due) }
    case 'incident':
      return { ...row, restored: moved(row.restored) }
    case 'sale-offer':
      return { ...row, made: moved(row.made) }
    case 'refund': {
      const { requested, handled } = row
      return { ...row, requested: moved(requested), handled: handled && moved(handled) }
    }
    case 'order': {
      const { placed, paid } = row
      return { ...row, placed: placed && moved(placed), paid: paid && moved(paid) }
    }
    case 'forecast':
      return { ...row, from: moved(row.from) }
    case 'quality-review':
    case 'assessment':
      return { ...row, counted: moved(row.counted) }
    case 'cost':
      return { ...row, counted: moved(row.counted) }
    case 'violation':
      return { ...row, recorded: moved(row.recorded) }
    case 'employee-survey':
      return { ...row, answered: moved(row.answered) }
  }
}

function withFirstContact<From, To>(
  resolved: FirstResolved<From>,
  map: CreditMap<From, To>,
): FirstResolved<To> {
  const { firstContact, credit, atMs } = resolved
  return {
    ...resolved,
    credit: map(credit, false, atMs),
    firstContact: firstContact && {
      ...firstContact,
      credit: map(firstContact.credit, true, firstContact.atMs),
    },
  }
}
