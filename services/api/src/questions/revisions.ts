import { type ClosedRecord, decodeClosed, reasonsOf } from '@deskpulse/core/closed'
import { evaluateIssued, issuedRecords, type ReadingPlan } from '@deskpulse/core/kpis'
import { closedKey } from '@deskpulse/core/state'
import { isClosedKind } from '@deskpulse/core/time'
import { iso } from './answer.ts'
import { provisionalOf } from './closed-rows.ts'
import type { PageRow } from './period-pages.ts'
import type { PeriodRow } from './periods.ts'
import type { KpiValues, Read } from './rows.ts'

/** May be issued between the read that tells how many revisions there are and the one that brings them. */
const issuedMeanwhileMax = 2

/** Which revision of each row was the last one, as far as is known: those before it are then read, too. */
export class Revisions {
  readonly #last = new Map<string, number>()

  note(row: PageRow, { revision }: Pick<ClosedRecord, 'revision'>): void {
    this.#last.set(placeOf(row), revision)
  }

  /** The keys of what may have been superseded. */
  keysOf(row: PageRow, { question }: ReadingPlan): string[] {
    const { kind, startMs } = row.period
    const last = this.#last.get(placeOf(row))
    const [source] = question.sources
    if (last === undefined || source === undefined || !isClosedKind(kind)) return []
    return Array.from({ length: last + issuedMeanwhileMax - 1 }, (_, place) =>
      closedKey(question.tenant, source.slice, kind, startMs, place + 1),
    )
  }
}

const placeOf = ({ period, slice }: PageRow): string => `${period.startMs} ${slice.text}`

/** The row once for each revision, the first one first, each with what it changed; a row of which nothing was issued as it is. */
export function rowsOfRevisions(
  row: PeriodRow,
  plan: ReadingPlan,
  { values, asOfMs }: Read,
  superseded: readonly (Uint8Array | null)[],
): PeriodRow[] {
  const [last] = issuedRecords(plan, values)
  if (last === undefined) return [row]
  const all = superseded
    .flatMap((bytes) => (bytes === null ? [] : [decodeClosed(bytes)]))
    .filter(({ revision }) => revision < last.revision)
  const { provisionalUntil: _ofLast, ...alike } = row
  const rows: PeriodRow[] = []
  let before: { readonly record: ClosedRecord; readonly kpis: KpiValues } | null = null
  for (const record of [...all, last]) {
    const kpis = Object.fromEntries(evaluateIssued(plan, record, asOfMs))
    const issue = revisionOf(record, before, kpis)
    rows.push({ ...alike, closed: true, ...issue, ...provisionalOf(Object.values(kpis)), kpis })
    before = { record, kpis }
  }
  return rows
}

function revisionOf(
  record: ClosedRecord,
  before: { readonly record: ClosedRecord; readonly kpis: KpiValues } | null,
  kpis: KpiValues,
): Pick<PeriodRow, 'revision' | 'closedAt' | 'cause' | 'why' | 'changes'> {
  const { revision, cause, closedAtMs } = record
  const issue = { revision, closedAt: iso(closedAtMs), cause }
  if (before === null) return issue
  const changes = Object.entries(kpis).flatMap(([kpi, { value: after }]) => {
    const was = before.kpis[kpi]!.value
    return was === after ? [] : [{ kpi, before: was, after }]
  })
  return { ...issue, why: reasonsOf(before.record, record), changes }
}
