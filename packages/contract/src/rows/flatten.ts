import { encodeId } from '@deskpulse/core/state'
import {
  type AgentTimeRow,
  type Grain,
  keyOfRow,
  type Row,
  type RowOf,
  sessionOf,
  sessionOfRow,
  spreadBetween,
} from '@deskpulse/core/subjects'
import { flatSale } from './flatten-sales.ts'
import { saleCells } from './sale-moments.ts'
import { flatManual } from './flatten-manual.ts'
import { instantCell, momentCells } from './moment.ts'
import { type FlatRow, type FlatRowOf, rowTables } from './tables.ts'

/** Whose row it is: `contact`, `customer`, `agent`, or a kind of subjects with an id of their own, as `complaint`. */
export type RowSubject = { readonly kind: string; readonly id: string }

/** The row as a record of its grain's table. What a reply says of thresholds is in records of its own (`flatThresholds`). */
export function flatRow<Name extends Grain>(subject: RowSubject, row: RowOf<Name>): FlatRowOf<Name>
export function flatRow({ kind, id }: RowSubject, row: Row): FlatRow {
  const record = flatCells({ subjectKind: kind, subjectId: id, key: keyOfRow(row) }, row)
  const isOfThread = 'session' in rowTables[row.grain]
  return (isOfThread ? { ...record, session: sessionOfRow(row) } : record) as FlatRow
}

type WithoutSession<Record> = Record extends unknown ? Omit<Record, 'session'> : never
type FlatCells = WithoutSession<FlatRow>

function flatCells(common: Common, row: Row): FlatCells {
  switch (row.grain) {
    case 'reply':
      return { grain: row.grain, ...common, ...replyCells(row) }
    case 'pass':
      return { grain: row.grain, ...common, ...passCells(row) }
    case 'offer': {
      const { grain, ordinal, agent, sinceMs, ended } = row
      const since = sinceMs === null ? null : instantCell(sinceMs)
      const { how, reason } = ended
      return {
        grain,
        ...common,
        ordinal,
        agent,
        since,
        ...momentCells('ended', ended),
        how,
        reason,
      }
    }
    case 'part':
      return { grain: row.grain, ...common, ...partCells(row) }
    case 'resolution': {
      const { grain, ordinal, resolved } = row
      return { grain, ...common, ordinal, ...momentCells('resolved', resolved) }
    }
    case 'reopening': {
      const { grain, ordinal, reopened } = row
      return { grain, ...common, ordinal, ...momentCells('reopened', reopened) }
    }
    case 'escalation': {
      const { grain, ordinal, kind, escalated, reacted } = row
      return {
        ...{ grain, ...common, ordinal, kind },
        ...momentCells('escalated', escalated),
        ...momentCells('reacted', reacted),
        afterMs: reacted?.afterMs ?? null,
      }
    }
    case 'contact':
      return { grain: row.grain, ...common, ...contactCells(row) }
    case 'message': {
      const { grain, ordinal, from: sender, sent, responseMs } = row
      return { grain, ...common, ordinal, sender, ...momentCells('sent', sent), responseMs }
    }
    case 'session': {
      const { grain, contactId, repeated } = row
      const { isMature, isInAuthority } = repeated
      return {
        ...{ grain, ...common, ...contactCell(contactId) },
        ...momentCells('repeated', repeated),
        ...{ isMature, isInAuthority },
      }
    }
    case 'repeat': {
      const { grain, contactId, opened } = row
      return { grain, ...common, ...contactCell(contactId), ...momentCells('opened', opened) }
    }
    default:
      return flatOther(common, row)
  }
}

/** `sessionId`: of a contact, or of a later session of a thread. */
const contactCell = (sessionId: string) => ({ contactId: sessionOf(sessionId).contactId })

/** What every row begins with. */
export type Common = Pick<FlatRow, 'subjectKind' | 'subjectId' | 'key'>
type Narrowed = Exclude<
  Row,
  {
    readonly grain:
      | 'reply'
      | 'pass'
      | 'offer'
      | 'part'
      | 'resolution'
      | 'reopening'
      | 'escalation'
      | 'contact'
      | 'message'
      | 'session'
      | 'repeat'
  }
>

/** Rows that others than contacts tell, and those of bots. */
function flatOther(common: Common, row: Narrowed): FlatCells {
  switch (row.grain) {
    case 'customer-period': {
      const { grain, period, startMs, served, due, missed } = row
      return {
        ...{ grain, ...common, period, startAt: instantCell(startMs) },
        ...momentCells('served', served),
        ...momentCells('due', due),
        ...momentCells('missed', missed),
        ...saleCells(row),
      }
    }
    case 'contract-count': {
      const { grain, period, begun, customers } = row
      return { grain, ...common, period, ...momentCells('begun', begun), customers }
    }
    case 'contract-loss': {
      const { grain, period, startMs, left } = row
      const startAt = instantCell(startMs)
      return { grain, ...common, period, startAt, ...momentCells('left', left) }
    }
    case 'agent-time':
      return { grain: row.grain, ...common, ...timeCells(row) }
    case 'staffing': {
      const { grain, startMs: atMs, credit, staffedMs } = row
      return { grain, ...common, ...momentCells('from', { atMs, credit }), staffedMs }
    }
    case 'effective-part': {
      const { grain, contactId, ended, effectiveMs } = row
      return {
        ...{ grain, ...common, ...contactCell(contactId) },
        ...momentCells('ended', ended),
        effectiveMs,
      }
    }
    case 'agent-day': {
      const { grain, startMs, handled } = row
      const startAt = instantCell(startMs)
      return { grain, ...common, startAt, ...momentCells('handled', handled) }
    }
    case 'survey': {
      const { grain, kind, subject, invited, isReturned, answered, isSatisfied } = row
      return {
        ...{ grain, ...common, kind, subject, ...momentCells('invited', invited), isReturned },
        ...{ ...momentCells('answered', answered), scoreMillionths: row.score, isSatisfied },
      }
    }
    case 'complaint':
      return {
        grain: row.grain,
        ...common,
        ...momentCells('filed', row.filed),
        ...momentCells('settled', row.settled),
        isJustified: row.justified,
        handleMs: complaintMs(row),
      }
    case 'review': {
      const { grain, posted, isBad, causedByService: isCausedByService } = row
      return { grain, ...common, ...momentCells('posted', posted), isBad, isCausedByService }
    }
    case 'follow-up':
      return { grain: row.grain, ...common, ...momentCells('due', row.due), isDone: row.isDone }
    case 'incident':
      return {
        grain: row.grain,
        ...common,
        openedAt: instantCell(row.openedMs),
        ...momentCells('restored', row.restored),
        downMs: row.restored.atMs - row.openedMs,
      }
    case 'sale-offer':
    case 'order':
    case 'refund':
      return flatSale(common, row)
    case 'bot-episode':
      return { grain: row.grain, ...common, ...episodeCells(row) }
    case 'bot-contact':
      return {
        grain: row.grain,
        ...common,
        ...momentCells('opened', row.opened),
        ...momentCells('involved', row.involved),
        ...momentCells('over', row.over),
        isContained: row.isContained,
        isHandedOff: row.isHandedOff,
      }
    case 'forecast':
      return { grain: row.grain, ...common, ...forecastCells(row) }
    case 'shift-time':
    case 'shift':
    case 'attendance':
      return flatShift(common, row)
    case 'quality-review':
    case 'violation':
    case 'assessment':
    case 'employee-survey':
    case 'cost':
      return flatManual(common, row)
  }
}

function replyCells(row: RowOf<'reply'>) {
  const { ordinal, sinceMs, dueMs, first: isFirst, answered, cancelled, due, lost } = row
  const { waitMs, queueMs, clock, outside, other, capped } = row
  return {
    ordinal,
    since: instantCell(sinceMs),
    limitAt: instantCell(dueMs),
    isFirst,
    ...momentCells('answered', answered),
    ...momentCells('cancelled', cancelled),
    ...momentCells('due', due),
    isDueWithin: due?.isWithin ?? null,
    ...momentCells('lost', lost),
    waitMs,
    clock,
    outside,
    otherLimitAt: other === null ? null : instantCell(other.dueMs),
    ...momentCells('otherDue', other?.due ?? null),
    isOtherDueWithin: other?.due?.isWithin ?? null,
    otherWaitMs: other?.waitMs ?? null,
    queueMs,
    otherQueueMs: other?.queueMs ?? null,
    ...momentCells('capped', capped),
    cappedMs: capped?.waitMs ?? null,
    ...momentCells('otherCapped', other?.capped ?? null),
    otherCappedMs: other?.capped?.waitMs ?? null,
  }
}

function passCells(row: RowOf<'pass'>) {
  const { ordinal, sinceMs, queue, dueMs, entered, due, ended, lost } = row
  return {
    since: instantCell(sinceMs),
    ...momentCells('lost', lost),
    ordinal,
    queue,
    ...momentCells('entered', entered),
    limitAt: instantCell(dueMs),
    ...momentCells('due', due),
    isDueWithin: due?.isWithin ?? null,
    ...momentCells('ended', ended),
    how: ended?.how ?? null,
    reason: ended?.reason ?? null,
    waitMs: ended?.waitMs ?? null,
  }
}

/** Of one that was filed before it was settled, as far as that was told. */
function complaintMs({ filed, settled }: RowOf<'complaint'>): number | null {
  const isHandled = filed !== null && settled !== null && filed.atMs <= settled.atMs
  return isHandled ? settled.atMs - filed.atMs : null
}

function partCells(row: RowOf<'part'>) {
  const { agent, isFirst, isTransferred, isEscalated, isResolved, isResolvedLater } = row
  const { handled, ended } = row
  return {
    agent,
    isFirst,
    isTransferred,
    isEscalated,
    ...momentCells('handled', handled),
    ...momentCells('ended', ended),
    handleMs: ended?.handleMs ?? null,
    talkMs: ended?.talkMs ?? null,
    holdMs: ended?.holdMs ?? null,
    wrapUpMs: ended?.wrapUpMs ?? null,
    holds: ended?.holds ?? null,
    holdAbandons: ended?.holdAbandons ?? null,
    isResolved,
    isResolvedLater,
    isInvited: row.isInvited,
  }
}

function contactCells(row: RowOf<'contact'>) {
  const { clock, isInAuthority, opened, started, answered, resolved, resolutionDue } = row
  const { lastResolved, closedUnresolved, leftMessage, hungUp, ended } = row
  const { firstReply, sessionEnd } = row
  const fromStart = resolved?.fromStart ?? null
  const firstContact = resolved?.firstContact ?? null
  return {
    ...momentCells('opened', opened),
    ...momentCells('answered', answered),
    ...momentCells('resolved', resolved),
    resolvedAfterMs: resolved?.afterMs ?? null,
    isReopened: resolved?.isReopened ?? null,
    ...momentCells('firstContact', firstContact),
    isSolved: firstContact?.isSolved ?? null,
    isIdentified: firstContact?.isIdentified ?? null,
    isMature: firstContact?.isMature ?? null,
    ...momentCells('resolutionDue', resolutionDue),
    isResolutionDueWithin: resolutionDue?.isWithin ?? null,
    clock,
    otherResolvedAfterMs: resolved?.otherAfterMs ?? null,
    isInAuthority,
    isResolvedInTime: opened?.isResolvedInTime ?? null,
    ...momentCells('started', started),
    startedAfterMs: started?.afterMs ?? null,
    otherStartedAfterMs: started?.otherAfterMs ?? null,
    resolvedActiveMs: resolved?.activeMs ?? null,
    otherResolvedActiveMs: resolved?.otherActiveMs ?? null,
    resolvedFromStartMs: fromStart?.afterMs ?? null,
    otherResolvedFromStartMs: fromStart?.otherAfterMs ?? null,
    resolvedFromStartActiveMs: fromStart?.activeMs ?? null,
    otherResolvedFromStartActiveMs: fromStart?.otherActiveMs ?? null,
    isFirstLevel: resolved?.isFirstLevel ?? null,
    ...momentCells('lastResolved', lastResolved),
    lastResolvedAfterMs: lastResolved?.afterMs ?? null,
    otherLastResolvedAfterMs: lastResolved?.otherAfterMs ?? null,
    lastResolvedActiveMs: lastResolved?.activeMs ?? null,
    otherLastResolvedActiveMs: lastResolved?.otherActiveMs ?? null,
    ...momentCells('closedUnresolved', closedUnresolved),
    isClosedUnresolvedIdentified: closedUnresolved?.isIdentified ?? null,
    ...momentCells('leftMessage', leftMessage),
    ...momentCells('hungUp', hungUp),
    isHungUpByAgent: hungUp?.isByAgent ?? null,
    ...momentCells('ended', ended),
    stations: ended?.stations ?? null,
    queueWaitMs: ended?.queueWaitMs ?? null,
    isEndedAnswered: ended?.isAnswered ?? null,
    messages: ended?.messages ?? null,
    closeMs: ended?.closeMs ?? null,
    isSilent: ended?.isSilent ?? null,
    ...momentCells('firstReply', firstReply),
    isFirstReplyWithin: firstReply?.isWithin ?? null,
    isResolvedInDay: firstReply?.isResolved ?? null,
    ...momentCells('sessionEnd', sessionEnd),
    sessionReplies: sessionEnd?.replies ?? null,
    sessionWaitMs: sessionEnd?.waitMs ?? null,
    sessionMissed: sessionEnd?.missed ?? null,
    sessionLimitMs: sessionEnd?.limitMs ?? null,
  }
}

function episodeCells(row: RowOf<'bot-episode'>) {
  const { ordinal, started, endMs, how, reason, messages } = row
  const { isInvolved, isAfterHumans, isAnswered, isReopened, isMature } = row
  return {
    ordinal,
    ...momentCells('started', started),
    endedAt: endMs === null ? null : instantCell(endMs),
    ...{ how, reason, messages },
    ...{ isInvolved, isAfterHumans, isAnswered, isReopened, isMature },
  }
}

function forecastCells(row: RowOf<'forecast'>) {
  const { toldMs, from, toMs, startMs, endMs, offered, workMs, agentMs } = row
  const part = (total: number): number => spreadBetween(total, row, from.atMs, toMs)
  return {
    toldAt: instantCell(toldMs),
    ...momentCells('from', from),
    toAt: instantCell(toMs),
    offeredMillionths: part(offered),
    workMs: workMs && part(workMs),
    agentMs: agentMs && part(agentMs),
    startAt: instantCell(startMs),
    endAt: instantCell(endMs),
    wholeOfferedMillionths: offered,
    wholeWorkMs: workMs,
    wholeAgentMs: agentMs,
  }
}

function timeCells({ class: agentClass, fromMs, toMs, credit, contacts, capacity }: AgentTimeRow) {
  const { agent = 'none', queue = [] } = credit
  const queues = typeof queue === 'string' ? [queue] : queue
  return {
    agentClass,
    fromAt: instantCell(fromMs),
    toAt: instantCell(toMs),
    agent,
    queues: queues.map(encodeId).join(','),
    durationMs: toMs - fromMs,
    contacts,
    capacity,
  }
}

function flatShift(
  common: Common,
  row: RowOf<'shift-time'> | RowOf<'shift'> | RowOf<'attendance'>,
): FlatRow {
  switch (row.grain) {
    case 'shift-time': {
      const { grain, scheduled, actual, fromMs: atMs, toMs, credit } = row
      return {
        ...{ grain, ...common, ...momentCells('from', { atMs, credit }) },
        ...{ toAt: instantCell(toMs), scheduled, actual, durationMs: toMs - atMs },
      }
    }
    case 'shift': {
      const { grain, shiftId, startMs, ended, signedInMs, isAttended } = row
      return {
        ...{ grain, ...common, shiftId, startAt: instantCell(startMs) },
        ...{ ...momentCells('ended', ended), signedInMs, isAttended },
      }
    }
    case 'attendance': {
      const { grain, begun, isScheduled, isAttended, violations } = row
      return {
        ...{ grain, ...common, ...momentCells('begun', begun) },
        ...{ isScheduled, isAttended, violations },
      }
    }
  }
}
