import {
  type AlertCommand,
  alertIdOf,
  type AlertRecord,
  type AnnouncedAt,
  type Announcement,
} from '@deskpulse/contract'
import {
  alertSeverities,
  type AlertSeverity,
  type AlertTransition,
  pipelineSubject,
} from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import { joinedChanges, type LedgerChange, type LedgerReads } from '../partition/ledger.ts'
import { type ToldRecord, withAcknowledgement, withTold, withTransition } from './alert-state.ts'
import { tellAnnounced, withAnnouncedTold, withAnnouncement } from './announcements.ts'
import { askAbout, type Telling } from './ask.ts'
import type { Backlog } from './backlog.ts'
import type { Contexts } from './context.ts'
import { adoptions } from './evaluate/adopted.ts'
import { evict } from './evict.ts'
import type { AlertRef } from './keys.ts'
import type { BookTelemetry } from './telemetry.ts'
import { applySilence } from './tenant-book.ts'
import { openWork, type Work } from './work.ts'

export type FiringCounts = Readonly<Record<AlertSeverity, number>>

/** What a decision leads to once it is written. */
export type BookNews = {
  /** When it was made. */
  readonly atMs: EpochMs
  /** When the first alert that it is about is to be asked about again; `null`: not because of time. */
  readonly dueMs: EpochMs | null
  /** Tenants of which every alert is to be asked about: a silence or an inhibition has ended, or may have. */
  readonly sweeps: readonly string[]
  /** How many alerts fire now, of the tenants that it is about. */
  readonly firing: ReadonlyMap<string, FiringCounts>
}

export type TakeDeps = {
  /** See `StateOrigin`. */
  readonly createdMs: () => EpochMs
  readonly contexts: Contexts
  readonly telling: Telling
  readonly backlog: Backlog
  readonly telemetry: BookTelemetry
}

export type BookRecord =
  | { readonly kind: 'transition'; readonly ref: AlertRef; readonly transition: AlertTransition }
  | { readonly kind: 'told'; readonly ref: AlertRef; readonly told: ToldRecord }
  | {
      readonly kind: 'announcement'
      readonly tenant: string
      readonly announcement: Announcement
    }
  | { readonly kind: 'announced-told'; readonly tenant: string; readonly upTo: AnnouncedAt }
  | {
      readonly kind: 'command'
      readonly tenant: string
      readonly command: Extract<AlertCommand, { readonly tenant: string }>
    }

/** What the alert book makes of a record; what is to be delivered does not come here. */
export function bookRecord(record: AlertRecord): BookRecord {
  if (record.kind === 'transition') {
    const { transition } = record
    return {
      kind: 'transition',
      transition,
      ref: { tenant: transition.tenant, alertId: alertIdOf(transition) },
    }
  }
  if (record.kind === 'told') {
    const { tenant, told } = record
    return { kind: 'told', told, ref: { tenant, alertId: told.alertId } }
  }
  if (record.kind === 'command' && 'tenant' in record.command) {
    return { kind: 'command', tenant: record.command.tenant, command: record.command }
  }
  if (record.kind === 'issued' || record.kind === 'appeal') {
    const { tenant } = record.kind === 'issued' ? record.issued : record.appeal
    return { kind: 'announcement', tenant, announcement: record }
  }
  if (record.kind === 'announced-told') return record
  throw new TypeError(`a ${record.kind} that is not for the alert book`)
}

/**
 * Takes records in, then asks about the alerts that they changed: news that is followed by other news in the same records is told as one state.
 * @param hasBegun else nobody is asked about: what the topic holds beyond these records may change it
 */
export async function takeRecords(
  records: readonly BookRecord[],
  reads: LedgerReads,
  deps: TakeDeps,
  hasBegun: boolean,
): Promise<{
  readonly change: LedgerChange
  readonly news: BookNews
  readonly report: () => void
}> {
  const { contexts, backlog, telemetry } = deps
  const refs = records.flatMap(refsOf)
  const tenants = [...new Set(records.map(tenantOf))]
  const known = await contexts.read(tenants, reads.nowMs)
  const work = await openWork(reads, refs, tenants)
  const reports: (() => void)[] = []
  const sweeps = new Set<string>()
  for (const record of records) {
    if (record.kind === 'transition') {
      backlog.saw(record.transition, work.nowMs)
      reports.push(takeTransition(work, record, sweeps, telemetry))
    } else if (record.kind === 'told') takeTold(work, record)
    else if (record.kind === 'announcement') {
      const { tenant, announcement } = record
      const { subscribers } = deps.telling
      work.setBook(tenant, withAnnouncement(work.book(tenant), announcement, subscribers))
    } else if (record.kind === 'announced-told')
      work.setBook(record.tenant, withAnnouncedTold(work.book(record.tenant), record.upTo))
    else reports.push(takeCommand(work, record, sweeps, telemetry))
  }
  for (const ref of hasBegun ? work.changed() : []) {
    const { alert, notices, out } = askAbout(
      work.alert(ref)!,
      work.book(ref.tenant),
      known.get(ref.tenant)!,
      deps,
      work.nowMs,
    )
    work.setAsked(ref, alert, work.nowMs, out)
    if (notices > 0) reports.push(() => telemetry.told(alert.transition.status, notices))
  }
  for (const tenant of hasBegun ? tenants : []) {
    const { book, out } = tellAnnounced(tenant, work.book(tenant), deps.telling, work.nowMs)
    work.setBook(tenant, book)
    work.send(out)
  }
  for (const tenant of tenants) await evict(work, tenant, reads)
  const adopting = await adoptions(
    records.flatMap((record) => (record.kind === 'transition' ? record.transition : [])),
    reads,
  )
  return {
    change: joinedChanges(work.change(), adopting),
    news: newsOf(work, tenants, sweeps),
    report: () => reports.forEach((report) => report()),
  }
}

const tenantOf = (record: BookRecord): string =>
  'ref' in record ? record.ref.tenant : record.tenant

function refsOf(record: BookRecord): AlertRef[] {
  if ('ref' in record) return [record.ref]
  if (record.kind !== 'command') return []
  const { command } = record
  return command.kind === 'acknowledge'
    ? [{ tenant: command.tenant, alertId: command.alertId }]
    : []
}

type Report = () => void
const nothing: Report = () => {}

function takeTransition(
  work: Work,
  { ref, transition }: Extract<BookRecord, { kind: 'transition' }>,
  sweeps: Set<string>,
  telemetry: BookTelemetry,
): Report {
  const before = work.alert(ref)
  const after = withTransition(before, ref.alertId, transition, work.nowMs)
  if (after === before) return nothing
  work.setAlert(ref, after)
  const isOver = transition.subject === pipelineSubject && transition.status === 'resolved'
  if (isOver && work.book(ref.tenant).stalled.length === 0) sweeps.add(ref.tenant)
  return () => telemetry.taken(transition.status)
}

function takeTold(work: Work, { ref, told }: Extract<BookRecord, { kind: 'told' }>): void {
  const before = work.alert(ref)
  const after = before === null ? null : withTold(before, told)
  if (after !== null && after !== before) work.setAlert(ref, after)
}

function takeCommand(
  work: Work,
  { tenant, command }: Extract<BookRecord, { kind: 'command' }>,
  sweeps: Set<string>,
  telemetry: BookTelemetry,
): Report {
  if (command.kind === 'acknowledge') {
    const { alertId, author, comment, atMs } = command
    const ref = { tenant, alertId }
    const alert = work.alert(ref)
    if (alert === null) return () => telemetry.refused('unknown-alert', command.id)
    const after = withAcknowledgement(alert, { author, comment, atMs })
    if (after !== alert) work.setAlert(ref, after)
    return nothing
  }
  const outcome = applySilence(work.book(tenant), command, work.nowMs)
  if (outcome.kind === 'refused') return () => telemetry.refused(outcome.code, command.id)
  if (outcome.kind === 'taken') {
    work.setBook(tenant, outcome.book)
    sweeps.add(tenant)
  }
  return nothing
}

/** What follows from work, for tenants that it was opened for. */
export function newsOf(
  work: Work,
  tenants: readonly string[],
  sweeps: Iterable<string> = [],
): BookNews {
  const dues = work.changed().flatMap((ref) => work.alert(ref)?.nextMs ?? [])
  const firing = tenants.map((tenant): [string, FiringCounts] => [tenant, work.book(tenant).firing])
  return {
    atMs: work.nowMs,
    dueMs: dues.length === 0 ? null : (Math.min(...dues) as EpochMs),
    sweeps: [...sweeps],
    firing: new Map(firing),
  }
}

export const noFiring: FiringCounts = { info: 0, warning: 0, critical: 0 }
export function addedCounts(all: Iterable<FiringCounts>): FiringCounts {
  const sum = { ...noFiring }
  for (const counts of all)
    for (const severity of alertSeverities) sum[severity] += counts[severity]
  return sum
}
