import { pipelineSubject } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import { type OutboxEntry, fromJsonBytes, jsonBytes } from '@deskpulse/stream'
import { joinedChanges, type LedgerChange, type LedgerReads } from '../partition/ledger.ts'
import { changeOfAlert, removalOf } from './alert-changes.ts'
import { type AlertState, decodeAlert } from './alert-state.ts'
import { alertKey, type AlertRef, bookTenantsKey, memberOf, tenantBookKey } from './keys.ts'
import {
  decodeTenantBook,
  emptyTenantBook,
  encodeTenantBook,
  type TenantBook,
  withFiring,
  withStalled,
} from './tenant-book.ts'

/** Alerts and tenants as one decision changes them; what is written follows from the difference. */
export type Work = {
  readonly nowMs: EpochMs
  /** `null`: there is none. Only of what the work was opened for. */
  alert(ref: AlertRef): AlertState | null
  book(tenant: string): TenantBook
  setBook(tenant: string, book: TenantBook): void
  /** Leaves with the change. */
  send(out: readonly OutboxEntry[]): void
  /** The tenant's counts follow. */
  setAlert(ref: AlertRef, alert: AlertState): void
  /** Takes over what was decided about an alert. */
  setAsked(ref: AlertRef, alert: AlertState, askedMs: EpochMs, out: readonly OutboxEntry[]): void
  remove(ref: AlertRef): void
  /** Alerts that were changed, in the order of their first change. */
  changed(): readonly AlertRef[]
  change(): LedgerChange
}

type Sheet<Value> = { readonly before: Value; after: Value }
type AlertSheet = Sheet<AlertState | null> & { readonly ref: AlertRef; askedMs: EpochMs | null }

export async function openWork(
  reads: LedgerReads,
  refs: readonly AlertRef[],
  tenants: readonly string[],
): Promise<Work> {
  const { nowMs } = reads
  const alerts = new Map<string, AlertSheet>()
  const books = new Map<string, Sheet<TenantBook>>()
  const removed: AlertRef[] = []
  const out: OutboxEntry[] = []
  const names = [...new Set([...tenants, ...refs.map(({ tenant }) => tenant)])]
  const unique = [...new Map(refs.map((ref) => [memberOf(ref), ref])).values()]
  const keys = [
    bookTenantsKey,
    ...names.map(tenantBookKey),
    ...unique.map(({ tenant, alertId }) => alertKey(tenant, alertId)),
  ]
  const [known = null, ...values] = await reads.values(keys)
  names.forEach((name, index) => {
    const bytes = values[index]
    const before = bytes ? decodeTenantBook(bytes) : emptyTenantBook
    books.set(name, { before, after: before })
  })
  unique.forEach((ref, index) => {
    const bytes = values[names.length + index]
    const before = bytes ? decodeAlert(bytes) : null
    alerts.set(memberOf(ref), { ref, before, after: before, askedMs: null })
  })

  const sheetOf = (ref: AlertRef): AlertSheet => alerts.get(memberOf(ref))!

  function setBook(tenant: string, book: TenantBook): void {
    books.get(tenant)!.after = book
  }

  function count(ref: AlertRef, alert: AlertState, difference: 1 | -1): void {
    const counted = withFiring(books.get(ref.tenant)!.after, alert.transition.severity, difference)
    const isPipeline = alert.transition.subject === pipelineSubject
    setBook(ref.tenant, isPipeline ? withStalled(counted, ref.alertId, difference === 1) : counted)
  }

  function setAlert(ref: AlertRef, alert: AlertState): void {
    const sheet = sheetOf(ref)
    if (sheet.after?.transition.status === 'firing') count(ref, sheet.after, -1)
    if (alert.transition.status === 'firing') count(ref, alert, 1)
    sheet.after = alert
  }

  return {
    nowMs,
    alert: (ref) => sheetOf(ref).after,
    book: (tenant) => books.get(tenant)!.after,
    setBook,
    send: (entries) => void out.push(...entries),
    setAlert,
    setAsked(ref, alert, askedMs, notices) {
      const sheet = sheetOf(ref)
      sheet.after = alert
      sheet.askedMs = askedMs
      out.push(...notices)
    },
    remove: (ref) => void removed.push(ref),
    changed: () =>
      [...alerts.values()].filter(({ before, after }) => before !== after).map(({ ref }) => ref),
    change() {
      const changedBooks = [...books].filter(([, { before, after }]) => before !== after)
      const puts = changedBooks.map(([tenant, { after }]) => ({
        key: tenantBookKey(tenant),
        bytes: encodeTenantBook(after),
      }))
      const named = namesWith(
        known,
        changedBooks.map(([tenant]) => tenant),
      )
      return joinedChanges(
        {
          puts: named === null ? puts : [...puts, { key: bookTenantsKey, bytes: named }],
          lists: [],
          out,
        },
        ...[...alerts.values()].flatMap(({ ref, before, after, askedMs }) =>
          after === null || (after === before && askedMs === null)
            ? []
            : [changeOfAlert(ref, before, after, nowMs, askedMs)],
        ),
        ...removed.map(removalOf),
      )
    },
  }
}

export function namesIn(bytes: Uint8Array | null | undefined): readonly string[] {
  return bytes ? fromJsonBytes<string[]>(bytes) : []
}

/** `null`: they are all among them. */
function namesWith(known: Uint8Array | null, tenants: readonly string[]): Uint8Array | null {
  const before = namesIn(known)
  const missing = tenants.filter((tenant) => !before.includes(tenant))
  return missing.length === 0 ? null : jsonBytes([...before, ...missing])
}
