import { type AlertTransition, pipelineSubject } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import type { LedgerReads } from '../partition/ledger.ts'
import { type AlertState, decodeAlert, encodeAlert } from './alert-state.ts'
import { alertKey, bookTenantsKey, tenantBookKey } from './keys.ts'
import { decodeTenantBook, emptyTenantBook } from './tenant-book.ts'
import { namesIn, openWork, type Work } from './work.ts'

const nowMs = 5_000 as EpochMs
const ref = { tenant: 'acme', alertId: 'a-1' }
const alertOf = (
  status: 'firing' | 'resolved',
  subject: string,
  told: AlertState['told'] = null,
): AlertState => ({
  ...{
    alertId: 'a-1',
    takenMs: nowMs,
    acknowledged: null,
    told,
    why: null,
    nextMs: null,
    isFinal: false,
  },
  transition: {
    status,
    subject,
    severity: 'critical',
    startedMs: 1_000,
    endedMs: status === 'firing' ? null : 4_000,
  } as AlertTransition,
})

/** Works on what a store holds; `write` puts the changes into it. */
function ledger() {
  const records = new Map<string, Uint8Array>()
  const reads = {
    nowMs,
    values: (keys: readonly string[]) =>
      Promise.resolve(keys.map((key) => records.get(key) ?? null)),
    list: () => Promise.reject(new Error('no list is read')),
  } satisfies LedgerReads
  return {
    records,
    open: () => openWork(reads, [ref, ref], ['acme', 'globex']),
    write(work: Work): string[] {
      const { puts } = work.change()
      for (const { key, bytes } of puts) records.set(key, bytes!)
      return puts.map(({ key }) => key).toSorted()
    },
    bookOf: (tenant: string) => decodeTenantBook(records.get(tenantBookKey(tenant))!),
  }
}

test.each([
  { what: 'an alert of a contact', subject: 'contact/c-1', stalled: [] },
  { what: 'a stalled pipeline', subject: pipelineSubject, stalled: ['a-1'] },
])(
  '$what counts while it fires, once however often it is said, and until it is over',
  async ({ subject, stalled }) => {
    const { open, write, bookOf } = ledger()
    for (let again = 0; again < 2; again += 1) {
      const work = await open()
      work.setAlert(ref, alertOf('firing', subject))
      write(work)
      expect(bookOf('acme')).toEqual({
        ...emptyTenantBook,
        stalled,
        firing: { info: 0, warning: 0, critical: 1 },
      })
    }
    const work = await open()
    work.setAlert(ref, alertOf('resolved', subject))
    work.setAlert(ref, alertOf('resolved', subject))
    write(work)
    expect(bookOf('acme')).toEqual(emptyTenantBook)
  },
)

test('what nobody changed is not written, and is no change', async () => {
  const { records, open, write } = ledger()
  records.set(alertKey('acme', 'a-1'), encodeAlert(alertOf('firing', 'contact/c-1')))
  const work = await open()
  expect(work.alert(ref)).toEqual(alertOf('firing', 'contact/c-1'))
  expect(work.changed()).toEqual([])
  expect(write(work)).toEqual([])
})

test('an alert that was asked about and stays as it is, is written: when it is asked about next may be another', async () => {
  const { records, open, write } = ledger()
  records.set(alertKey('acme', 'a-1'), encodeAlert(alertOf('firing', 'contact/c-1')))
  const work = await open()
  const entry = { id: 'n', topic: 't', key: 'k', bytes: new Uint8Array() }
  work.setAsked(ref, work.alert(ref)!, nowMs, [entry])
  expect(work.change().out).toEqual([entry])
  expect(write(work)).toEqual([alertKey('acme', 'a-1')])
})

test('tenants are listed as soon as there is something to keep of them, each once', async () => {
  const { records, open, write } = ledger()
  const both = await open()
  both.setAlert(ref, alertOf('firing', 'contact/c-1'))
  expect(both.changed()).toEqual([ref])
  expect(write(both)).toEqual(
    [alertKey('acme', 'a-1'), tenantBookKey('acme'), bookTenantsKey].toSorted(),
  )
  expect(decodeAlert(records.get(alertKey('acme', 'a-1'))!).transition.status).toBe('firing')
  expect(namesIn(records.get(bookTenantsKey))).toEqual(['acme'])
  const later = await open()
  later.setBook('globex', { ...later.book('globex'), stalled: ['x'] })
  later.setAlert(ref, alertOf('resolved', 'contact/c-1'))
  write(later)
  expect(namesIn(records.get(bookTenantsKey))).toEqual(['acme', 'globex'])
  expect(namesIn(null)).toEqual([])
})
