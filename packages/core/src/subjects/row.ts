import type { DimensionSet } from '../measures/dimension-set.ts'
import type { AgentTimeRow } from './rows/agent.ts'
import type {
  ReplyRow,
  ReplyOnClock,
  PassRow,
  PartRow,
  ResolutionRow,
  ReopeningRow,
  ContactRow,
  FirstResolved,
  SessionRow,
} from './rows/contact.ts'
import type { CustomerPeriodRow } from './rows/customer.ts'
import type { Moment } from './rows/moment.ts'
import type {
  ComplaintRow,
  ReviewRow,
  FollowUpRow,
  IncidentRow,
  ForecastRow,
} from './rows/own-id.ts'

export type * from './rows/agent.ts'
export type * from './rows/contact.ts'
export type * from './rows/customer.ts'
export type * from './rows/moment.ts'
export type * from './rows/own-id.ts'

/**
 * Rows are what subjects tell: each is one unit of counting, of one grain. A row says what happened and when, and where and for whom each of its
 * instants is credited. It says nothing of how that is counted: families do. Rows are values: one that changes is replaced.
 *
 * `Credit` is a set of dimension values; where rows are stored, it is a number in a list of them.
 */
export type Row<Credit = DimensionSet> =
  | ReplyRow<Credit>
  | PassRow<Credit>
  | PartRow<Credit>
  | ResolutionRow<Credit>
  | ReopeningRow<Credit>
  | ContactRow<Credit>
  | SessionRow<Credit>
  | CustomerPeriodRow<Credit>
  | AgentTimeRow<Credit>
  | ComplaintRow<Credit>
  | ReviewRow<Credit>
  | FollowUpRow<Credit>
  | IncidentRow<Credit>
  | ForecastRow<Credit>

export type Grain = Row['grain']
export type RowOf<Name extends Grain, Credit = DimensionSet> = Extract<
  Row<Credit>,
  { readonly grain: Name }
>

/** Unique among the rows of a subject. */
export function keyOfRow(row: Row<unknown>): string {
  switch (row.grain) {
    case 'reply':
    case 'pass':
    case 'resolution':
    case 'reopening':
      return `${row.grain}/${row.ordinal}`
    case 'part':
      return `part/${row.agent}`
    case 'contact':
    case 'complaint':
    case 'review':
    case 'follow-up':
    case 'incident':
      return row.grain
    case 'session':
      return `session/${row.contactId}`
    case 'customer-period':
      return `customer-period/${row.period}/${row.startMs}`
    case 'agent-time':
      return `agent-time/${row.fromMs}`
    case 'forecast':
      return `forecast/${row.from.atMs}`
  }
}

/** What a credit of a row becomes. `isOfInstant`: its topic is that of its instant; of all others it is the contact's last one. */
export type CreditMap<From, To> = (credit: From, isOfInstant: boolean) => To

/** The row with other credits. */
export function withCredits<From, To>(row: Row<From>, map: CreditMap<From, To>): Row<To> {
  const moved = <At extends Moment<From>>(
    at: At,
  ): Omit<At, 'credit'> & { readonly credit: To } => ({
    ...at,
    credit: map(at.credit, false),
  })
  switch (row.grain) {
    case 'reply': {
      const { answered, cancelled, lost, other } = row
      const onClock = ({
        due,
        thresholds,
      }: ReplyOnClock<From>): Pick<ReplyOnClock<To>, 'due' | 'thresholds'> => ({
        due: due && moved(due),
        thresholds: thresholds.map(moved),
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
    case 'contact': {
      const { opened, answered, resolved, resolutionDue } = row
      return {
        ...row,
        opened: opened && moved(opened),
        answered: answered && moved(answered),
        resolved: resolved && withFirstContact(resolved, map),
        resolutionDue: resolutionDue && moved(resolutionDue),
      }
    }
    case 'session':
      return { ...row, repeated: moved(row.repeated) }
    case 'customer-period': {
      const { served } = row
      return { ...row, served: { ...moved(served), places: served.places.map(moved) } }
    }
    case 'agent-time':
      return { ...row, credit: map(row.credit, false) }
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
    case 'forecast':
      return { ...row, from: moved(row.from) }
  }
}

function withFirstContact<From, To>(
  resolved: FirstResolved<From>,
  map: CreditMap<From, To>,
): FirstResolved<To> {
  const { firstContact, credit } = resolved
  return {
    ...resolved,
    credit: map(credit, false),
    firstContact: firstContact && { ...firstContact, credit: map(firstContact.credit, true) },
  }
}
