import { encodeId } from '@deskpulse/core/state'
import {
  type AgentTimeRow,
  type Grain,
  keyOfRow,
  type Row,
  type RowOf,
  spreadBetween,
} from '@deskpulse/core/subjects'
import { instantCell, momentCells } from './moment.ts'
import type { FlatRow, FlatRowOf } from './tables.ts'

/** Whose row it is: `contact`, `customer`, `agent`, or a kind of subjects with an id of their own, as `complaint`. */
export type RowSubject = { readonly kind: string; readonly id: string }

/** The row as a record of its grain's table. What a reply says of thresholds is in records of its own (`flatThresholds`). */
export function flatRow<Name extends Grain>(subject: RowSubject, row: RowOf<Name>): FlatRowOf<Name>
export function flatRow({ kind, id }: RowSubject, row: Row): FlatRow {
  const common = { subjectKind: kind, subjectId: id, key: keyOfRow(row) }
  switch (row.grain) {
    case 'reply':
      return { grain: row.grain, ...common, ...replyCells(row) }
    case 'pass':
      return { grain: row.grain, ...common, ...passCells(row) }
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
    case 'contact':
      return { grain: row.grain, ...common, ...contactCells(row) }
    case 'session': {
      const { grain, contactId, repeated } = row
      const { isMature } = repeated
      return { grain, ...common, contactId, ...momentCells('repeated', repeated), isMature }
    }
    case 'customer-period': {
      const { grain, period, startMs, served } = row
      const startAt = instantCell(startMs)
      return { grain, ...common, period, startAt, ...momentCells('served', served) }
    }
    case 'agent-time':
      return { grain: row.grain, ...common, ...timeCells(row) }
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
    case 'forecast':
      return { grain: row.grain, ...common, ...forecastCells(row) }
  }
}

/** What a row says of thresholds, a record for each; none but replies and passes do. */
export function flatThresholds(
  subject: RowSubject,
  row: Row,
): readonly FlatRowOf<'reply-threshold' | 'pass-threshold'>[] {
  if (row.grain === 'pass') return passThresholds(subject, row)
  return row.grain === 'reply' ? replyThresholds(subject, row) : []
}

function replyThresholds(
  { kind, id }: RowSubject,
  row: RowOf<'reply'>,
): FlatRowOf<'reply-threshold'>[] {
  const replyKey = keyOfRow(row)
  const on = (clock: Pick<RowOf<'reply'>, 'thresholds'> | null, isOther: boolean) =>
    (clock?.thresholds ?? []).map(
      ({ seconds, isWithin, ...due }): FlatRowOf<'reply-threshold'> => ({
        grain: 'reply-threshold',
        subjectKind: kind,
        subjectId: id,
        key: `${replyKey}/${seconds}s${isOther ? '/other' : ''}`,
        replyKey,
        seconds,
        ...momentCells('due', due),
        isWithin,
        outside: row.outside,
        isOther,
      }),
    )
  return [...on(row, false), ...on(row.other, true)]
}

function passThresholds(
  { kind, id }: RowSubject,
  row: RowOf<'pass'>,
): FlatRowOf<'pass-threshold'>[] {
  const passKey = keyOfRow(row)
  return row.thresholds.map(({ seconds, isWithin, ...due }) => ({
    grain: 'pass-threshold',
    subjectKind: kind,
    subjectId: id,
    key: `${passKey}/${seconds}s`,
    passKey,
    seconds,
    ...momentCells('due', due),
    isWithin,
  }))
}

/** The places of a customer's period, a record for each; no other row has any. It counts in a slice once, at the first of them that falls in it. */
export function flatPlaces(
  { kind, id }: RowSubject,
  row: Row,
): readonly FlatRowOf<'customer-period-place'>[] {
  if (row.grain !== 'customer-period') return []
  const periodKey = keyOfRow(row)
  return row.served.places.map((served, nth) => ({
    grain: 'customer-period-place',
    subjectKind: kind,
    subjectId: id,
    key: `${periodKey}/${nth}`,
    periodKey,
    nth,
    ...momentCells('served', served),
    period: row.period,
  }))
}

function replyCells(row: RowOf<'reply'>) {
  const { ordinal, sinceMs, dueMs, first: isFirst, answered, cancelled, due, lost } = row
  const { waitMs, clock, outside, other } = row
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

function partCells({ agent, isFirst, isTransferred, isEscalated, handled, ended }: RowOf<'part'>) {
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
  }
}

function contactCells({ opened, answered, resolved, resolutionDue }: RowOf<'contact'>) {
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
    clock: resolved?.clock ?? null,
    otherResolvedAfterMs: resolved?.otherAfterMs ?? null,
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

function timeCells({ class: agentClass, fromMs, toMs, credit }: AgentTimeRow) {
  const { agent = 'none', queue = [] } = credit
  const queues = typeof queue === 'string' ? [queue] : queue
  return {
    agentClass,
    fromAt: instantCell(fromMs),
    toAt: instantCell(toMs),
    agent,
    queues: queues.map(encodeId).join(','),
    durationMs: toMs - fromMs,
  }
}
