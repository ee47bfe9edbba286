import { keyOfRow, type Row, type RowOf } from '@deskpulse/core/subjects'
import type { RowSubject } from './flatten.ts'
import { saleCells, saleWhats } from './sale-moments.ts'
import { instantCell, momentCells } from './moment.ts'
import type { FlatRowOf } from './tables.ts'

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
    enteredAt: row.entered === null ? null : instantCell(row.entered.atMs),
  }))
}

/** The places of a customer's period or of an agent's day, a record for each; no other row has any. It counts in a slice once, at the first of them that falls in it. */
export function flatPlaces(
  subject: RowSubject,
  row: Row,
): readonly FlatRowOf<'customer-period-place' | 'agent-day-place'>[] {
  if (row.grain === 'agent-day') return dayPlaces(subject, row)
  return row.grain === 'customer-period' ? periodPlaces(subject, row) : []
}

function dayPlaces(
  { kind, id }: RowSubject,
  row: RowOf<'agent-day'>,
): FlatRowOf<'agent-day-place'>[] {
  const dayKey = keyOfRow(row)
  return row.handled.places.map((handled, nth) => ({
    grain: 'agent-day-place',
    subjectKind: kind,
    subjectId: id,
    key: `${dayKey}/${nth}`,
    dayKey,
    nth,
    ...momentCells('handled', handled),
  }))
}

function periodPlaces(
  { kind, id }: RowSubject,
  row: RowOf<'customer-period'>,
): FlatRowOf<'customer-period-place'>[] {
  const periodKey = keyOfRow(row)
  const blank = { served: null, due: null, missed: null }
  const places = (['served', 'due', 'missed', ...saleWhats] as const).flatMap((what) =>
    (row[what]?.places ?? []).map((place) => ({ ...blank, [what]: place })),
  )
  return places.map(({ served, due, missed, ...sales }, nth) => ({
    grain: 'customer-period-place',
    subjectKind: kind,
    subjectId: id,
    key: `${periodKey}/${nth}`,
    periodKey,
    nth,
    ...momentCells('served', served),
    period: row.period,
    ...momentCells('due', due),
    ...momentCells('missed', missed),
    ...saleCells(sales),
  }))
}
