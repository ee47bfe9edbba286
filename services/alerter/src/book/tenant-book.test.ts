import { lateAfterMs, type Silence } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import {
  applySilence,
  emptyTenantBook,
  keptAt,
  type SilenceCommand,
  type TenantBook,
} from './tenant-book.ts'

const ms = (value: number): EpochMs => value as EpochMs
const silence: Silence = {
  id: 's',
  tenant: 'acme',
  matchers: [],
  author: 'ann',
  comment: '',
  startsMs: ms(1_000),
  endsMs: ms(9_000),
}
const add = (id: string, change: Partial<Silence> = {}): SilenceCommand => ({
  ...{
    kind: 'silence',
    id,
    author: 'ann',
    atMs: ms(0),
    tenant: 'acme',
    silence: { ...silence, ...change },
  },
})
const remove: SilenceCommand = {
  kind: 'unsilence',
  id: 'x',
  author: 'ann',
  atMs: ms(0),
  tenant: 'acme',
  silenceId: 's',
}

function taken(book: TenantBook, command: SilenceCommand, nowMs: number): TenantBook {
  const outcome = applySilence(book, command, ms(nowMs))
  if (outcome.kind !== 'taken') throw new Error(outcome.kind)
  return outcome.book
}

const silenced = taken(emptyTenantBook, add('c1'), 1_000)

test('a command that comes again changes nothing, also after the silence was ended', () => {
  expect(applySilence(silenced, add('c1'), ms(2_000))).toEqual({ kind: 'known' })
  expect(applySilence(taken(silenced, remove, 2_000), add('c1'), ms(3_000))).toEqual({
    kind: 'known',
  })
})

test('another command with the same id changes the silence', () => {
  expect(taken(silenced, add('c2', { endsMs: ms(20_000) }), 2_000).silences).toMatchObject([
    { id: 's', endsMs: 20_000 },
  ])
})

test.each([
  { rule: 'in force: it ends now', startsMs: 1_000, nowMs: 2_000, ends: [2_000] },
  { rule: 'to come: it never begins', startsMs: 5_000, nowMs: 2_000, ends: [5_000] },
])('ended early, $rule', ({ startsMs, nowMs, ends }) => {
  const book = taken(emptyTenantBook, add('c1', { startsMs: ms(startsMs) }), 1_000)
  expect(taken(book, remove, nowMs).silences.map(({ endsMs }) => endsMs)).toEqual(ends)
})

test('one that is over, or unknown, cannot be ended', () => {
  expect(applySilence(silenced, remove, ms(9_000))).toEqual({ kind: 'known' })
  expect(applySilence(emptyTenantBook, remove, ms(0))).toEqual({ kind: 'known' })
})

test('a silence of another tenant is refused', () => {
  expect(applySilence(emptyTenantBook, add('c1', { tenant: 'other' }), ms(0))).toEqual({
    kind: 'refused',
    code: 'other-tenant',
  })
})

test('what is over is kept as long as alerts may be asked about it', () => {
  expect(keptAt(silenced.silences, ms(9_000 + lateAfterMs - 1))).toHaveLength(1)
  expect(keptAt(silenced.silences, ms(9_000 + lateAfterMs))).toHaveLength(0)
})
