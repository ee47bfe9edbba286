import { daySubjectsKey, subjectDaysKey } from '@deskpulse/core/state'
import { contactRetentionMs } from '@deskpulse/core/subjects'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import { beforeEach, expect, test } from 'vitest'
import { MemoryStore } from '../replay/memory-store.ts'
import { ChangeSet } from './change-set.ts'
import { subjectDaysIn, ToldDays } from './subject-days.ts'
import { Tenant } from './tenant.ts'

const day = 20_000
const at = (utcDay: number, ms = 0): EpochMs => (utcDay * dayMs + ms) as EpochMs

let store: MemoryStore
beforeEach(() => void (store = new MemoryStore()))

const newTenant = (): Tenant =>
  new Tenant(
    'acme',
    Tenant.keys('acme').map((key) => store.records.get(key) ?? null),
  )

function commit(tenant: Tenant, logTimeMs: EpochMs): void {
  const changes = new ChangeSet()
  tenant.write(changes, logTimeMs)
  store.apply(changes.finish({ logTimeMs, watermarkMs: logTimeMs }))
}

const textOf = (key: string): string | null => {
  const bytes = store.records.get(key)
  return bytes === undefined ? null : Buffer.from(bytes).toString()
}
const listOf = (utcDay: number, piece = 0): string | null =>
  textOf(daySubjectsKey('acme', utcDay, piece))

test('a subject is told once of each day in which something of it counts', () => {
  const tenant = newTenant()
  const told = new ToldDays(tenant, 'c/acme/c-1')
  for (const atMs of [at(day), at(day, 5), at(day + 1, -1), at(day + 1), at(day, 7)])
    told.note(atMs)
  new ToldDays(tenant, 'c/acme/c-2').note(at(day))
  commit(tenant, at(day + 1))
  expect([listOf(day), listOf(day + 1)]).toEqual(['c/acme/c-1\nc/acme/c-2\n', 'c/acme/c-1\n'])
  told.note(at(day, 9))
  commit(tenant, at(day + 1))
  expect(listOf(day)).toBe('c/acme/c-1\nc/acme/c-2\n')
})

test('what was known before is not told again, and who was just loaded is, which does no harm', () => {
  const tenant = newTenant()
  new ToldDays(tenant, 'c/acme/c-1', [day]).note(at(day))
  commit(tenant, at(day))
  expect(listOf(day)).toBeNull()
  for (let load = 0; load < 2; load += 1) new ToldDays(tenant, 'c/acme/c-1').note(at(day))
  commit(tenant, at(day))
  expect(listOf(day)).toBe('c/acme/c-1\nc/acme/c-1\n')
})

test('a list goes when no subject can know its day any more, also one that another worker wrote', () => {
  const first = newTenant()
  new ToldDays(first, 'c/acme/c-1').note(at(day))
  commit(first, at(day))
  const lastDay = day + contactRetentionMs / dayMs + 1
  const second = newTenant()
  commit(second, at(lastDay + 1, -1))
  expect([listOf(day), textOf(subjectDaysKey('acme'))]).toEqual(['c/acme/c-1\n', `[[${day},1]]`])
  commit(second, at(lastDay + 1))
  expect([listOf(day), textOf(subjectDaysKey('acme'))]).toEqual([null, '[]'])
})

test('nothing is told of a day whose list would be gone', () => {
  const tenant = newTenant()
  new ToldDays(tenant, 'c/acme/c-1').note(at(day - 400))
  commit(tenant, at(day))
  expect([listOf(day - 400), textOf(subjectDaysKey('acme'))]).toEqual([null, null])
})

test('a list goes on in a further piece, as the whole of one may be written whenever it grows', () => {
  const tenant = newTenant()
  const subjects = Array.from({ length: 2_000 }, (_, place) => `c/acme/contact-${place}`)
  for (const [place, subject] of subjects.entries()) {
    new ToldDays(tenant, subject).note(at(day))
    if (place % 10 === 9) commit(tenant, at(day))
  }
  const pieces = subjectDaysIn(store.records.get(subjectDaysKey('acme'))!).get(day)!
  const texts = Array.from({ length: pieces }, (_, piece) => listOf(day, piece)!)
  expect(Math.max(...texts.map(({ length }) => length))).toBeLessThan(17_000)
  expect(texts.join('').trim().split('\n')).toEqual(subjects)
  const other = newTenant() // It does not know how full the last piece is.
  new ToldDays(other, 'c/acme/late').note(at(day))
  commit(other, at(day))
  expect(listOf(day, pieces)).toBe('c/acme/late\n')
})
