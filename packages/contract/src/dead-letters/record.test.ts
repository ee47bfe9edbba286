import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeEvent } from '../entries/event-codec.ts'
import { EntryUnreadable } from '../entries/unreadable.ts'
import { originalHeaders, originalOf } from '../errors/original.ts'
import { parseEvent } from '../events/parse.ts'
import { compressed } from './compressed.ts'
import { type DeadLetter, identityOf } from './letter.ts'
import { decodeDeadLetters, inputsOf, letterGroupRecord, replayReceiptRecord } from './record.ts'

const count = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const hostileText = fc.string({ unit: 'binary', maxLength: 40 })
const original = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ kind: 'whole' as const, bytes })),
  fc.record({
    kind: fc.constant('head' as const),
    bytes: fc.uint8Array({ maxLength: 200 }),
    length: count,
    sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
  }),
)
const letter: fc.Arbitrary<DeadLetter> = fc.record({
  original,
  ...{ code: hostileText, path: hostileText, reason: hostileText },
  ...{ tenant: fc.option(hostileText), source: fc.option(hostileText) },
  ...{ firstMs: count, lastMs: count, times: count.map((times) => Math.max(1, times)) },
  place: fc.option(fc.record({ partition: count, offset: count, index: count })),
})

/** Byte arrays that compare by what they hold, whoever owns their memory. */
const plain = (letters: readonly DeadLetter[]) =>
  letters.map((one) => ({ ...one, original: { ...one.original, bytes: [...one.original.bytes] } }))

function lettersOf(record: Parameters<typeof decodeDeadLetters>[0]): readonly DeadLetter[] {
  const content = decodeDeadLetters(record)
  if (content.kind !== 'letters') throw new Error('a receipt')
  return content.letters
}

describe('a group', () => {
  test('gives back its letters, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(letter, { minLength: 1, maxLength: 8 }), (letters) => {
        const record = letterGroupRecord(letters)
        expect(plain(lettersOf({ ...record, appendedAtMs: 0 }))).toEqual(plain(letters))
      }),
    )
  })

  test('says in a header how many inputs it stands for', () => {
    const one: DeadLetter = {
      original: originalOf(Buffer.from('{}')),
      ...{
        code: 'not-an-event',
        path: '/type',
        reason: '',
        tenant: null,
        source: null,
        firstMs: 1,
        lastMs: 2,
        times: 41,
        place: null,
      },
    }
    expect(inputsOf(letterGroupRecord([one, { ...one, times: 1 }]).headers)).toBe(42)
    expect(inputsOf({ code: 'not-json' })).toBe(1)
  })
})

describe('hostile bytes are unreadable, and nothing else', () => {
  const formats = fc.constantFrom('letters/1', 'replayed/1', 'letters/2', '')

  function expectReadOrUnreadable(
    value: Uint8Array | null,
    headers: Readonly<Record<string, string>>,
  ): void {
    try {
      decodeDeadLetters({ value, headers, appendedAtMs: 0 })
    } catch (error) {
      expect(error).toBeInstanceOf(EntryUnreadable)
    }
  }

  test('any bytes', () => {
    fc.assert(
      fc.property(fc.option(fc.uint8Array({ maxLength: 100 })), formats, (value, format) =>
        expectReadOrUnreadable(value, { format }),
      ),
    )
  })

  test('any bytes that decompress', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), formats, (value, format) =>
        expectReadOrUnreadable(compressed(value), { format }),
      ),
    )
  })

  test('a group of which a byte is another', () => {
    fc.assert(
      fc.property(
        fc.array(letter, { minLength: 1, maxLength: 3 }),
        fc.nat(),
        fc.nat({ max: 255 }),
        (letters, at, byte) => {
          const { value, headers } = letterGroupRecord(letters)
          const broken = Uint8Array.from(value)
          broken[at % broken.length] = byte
          expectReadOrUnreadable(broken, headers)
        },
      ),
    )
  })

  test('any headers', () => {
    const names = fc.constantFrom(
      'code',
      'receivedAt',
      'length',
      'sha256',
      'stage',
      'partition',
      'offset',
      'index',
      'tenant',
    )
    const texts = fc.oneof(hostileText, fc.constantFrom('fold', '0', '1e3', '99999999999999999'))
    fc.assert(
      fc.property(fc.dictionary(names, texts), fc.uint8Array(), (headers, value) =>
        expectReadOrUnreadable(value, headers),
      ),
    )
  })

  test('a small record does not become gigabytes', () => {
    const bomb = compressed(Buffer.alloc(64 * 1024 * 1024))
    expect(() =>
      decodeDeadLetters({ value: bomb, headers: { format: 'letters/1' }, appendedAtMs: 0 }),
    ).toThrow(EntryUnreadable)
  })
})

describe('a record that is one letter', () => {
  test('of ingest, as it was before letters were grouped', () => {
    const input = originalOf(Buffer.from('{"source":"/chat","id":7}'))
    const headers = {
      code: 'bad-schema',
      path: '/id',
      reason: 'expected string, got number 7',
      receivedAt: '2026-03-02T01:00:30.000Z',
      tenant: 'acme',
    }
    const atMs = Date.parse(headers.receivedAt)
    expect(lettersOf({ value: input.bytes, headers, appendedAtMs: 5 })).toEqual([
      {
        ...{
          original: input,
          code: 'bad-schema',
          path: '/id',
          reason: headers.reason,
          tenant: 'acme',
          source: '/chat',
        },
        ...{ firstMs: atMs, lastMs: atMs, times: 1, place: null },
      },
    ])
  })

  test('of which only the head is kept', () => {
    const cut = originalOf(Buffer.alloc(300_000, 'x'))
    const headers = {
      ...originalHeaders(cut),
      code: 'too-large',
      receivedAt: '2026-03-02T01:00:30.000Z',
    }
    const [one] = lettersOf({ value: cut.bytes, headers, appendedAtMs: 5 })
    expect(one!.original).toEqual(cut)
    expect(one).toMatchObject({ tenant: null, source: null })
  })

  test('of the folds: the canonical event, its place, and the time of its append', () => {
    const event = {
      ...{
        specversion: '1.0',
        id: 'm-1',
        source: '/chat',
        type: 'deskpulse.message.sent.v1',
        time: '2026-03-02T01:00:00Z',
        tenant: 'acme',
      },
      data: { contactId: 'c-1', from: 'agent' },
    }
    const parsed = parseEvent(event)
    if (!parsed.ok) throw new Error(parsed.code)
    const value = encodeEvent(parsed.event)
    const headers = {
      code: 'expired',
      reason: 'gone',
      tenant: 'acme',
      stage: 'fold',
      partition: '3',
      offset: '12',
      index: '0',
    }
    expect(lettersOf({ value, headers, appendedAtMs: 77 })).toMatchObject([
      {
        code: 'expired',
        source: '/chat',
        firstMs: 77,
        lastMs: 77,
        times: 1,
        place: { partition: 3, offset: 12, index: 0 },
      },
    ])
    expect(lettersOf({ value: Buffer.from('no entry'), headers, appendedAtMs: 77 })).toMatchObject([
      { source: null },
    ])
  })
})

describe('a receipt', () => {
  test('gives back what was replayed', () => {
    const receipt = { atMs: 9, letters: ['one', 'two'] }
    expect(decodeDeadLetters({ ...replayReceiptRecord(receipt), appendedAtMs: 0 })).toEqual({
      kind: 'receipt',
      receipt,
    })
  })

  test('knows a letter by its bytes and its tenant', () => {
    const bytes = Buffer.from('{}')
    const known = identityOf({ original: originalOf(bytes), tenant: 'acme' })
    expect(identityOf({ original: originalOf(bytes), tenant: 'acme' })).toBe(known)
    const others = [
      { original: originalOf(Buffer.from('[]')), tenant: 'acme' },
      { original: originalOf(bytes), tenant: 'other' },
      { original: originalOf(bytes), tenant: null },
      { original: { kind: 'head' as const, bytes, length: 3, sha256: 'a' }, tenant: 'acme' },
    ]
    expect(new Set([known, ...others.map(identityOf)]).size).toBe(5)
  })
})
