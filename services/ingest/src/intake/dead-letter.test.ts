import { randomBytes } from 'node:crypto'
import {
  type DeadLetter,
  decodeDeadLetters,
  originalOf,
  type RefusedInput,
} from '@deskpulse/contract'
import { type NewRecord, recordBytesMax } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { deadLetters, type NewLetter } from './dead-letter.ts'

const refusal: RefusedInput = {
  code: 'not-json',
  path: '',
  expected: 'JSON in UTF-8',
  got: '1 bytes that are not JSON',
}
const letterOf = (bytes: Uint8Array, change: Partial<NewLetter> = {}): NewLetter => ({
  ...{ original: originalOf(bytes), refusal, tenant: 'acme', receivedAtMs: 0 },
  ...change,
})

/** A topic whose appends fail while `failing` says so. */
function topic(failing: () => boolean = () => false) {
  const records: NewRecord[] = []
  const append = async (
    _topic: string,
    _partition: number,
    more: readonly NewRecord[],
  ): Promise<void> => {
    if (failing()) throw new Error('on purpose')
    records.push(...more)
  }
  const letters = (): DeadLetter[] =>
    records.flatMap(({ value, headers = {} }) => {
      const content = decodeDeadLetters({ value, headers, appendedAtMs: 0 })
      return content.kind === 'letters' ? content.letters : []
    })
  const bytes = (): number => records.reduce((sum, { value }) => sum + value!.length, 0)
  return { records, letters, bytes, box: deadLetters({ append }, 'dead-letter') }
}

test('a bulk of garbage is stored in far fewer bytes than it came in', async () => {
  const { box, letters, bytes } = topic()
  const line = Buffer.from('{}')
  const count = 700_000
  await Promise.all(
    Array.from({ length: count }, (_, n) => box.write(letterOf(line, { receivedAtMs: n }))),
  )
  expect(letters()).toMatchObject([{ times: count, firstMs: 0, lastMs: count - 1 }])
  expect(bytes()).toBeLessThan(1_000)
})

test('different refused events of a batch are stored in fewer bytes than they came in', async () => {
  const { box, letters, bytes } = topic()
  const inputs = Array.from({ length: 5_000 }, (_, n) =>
    Buffer.from(
      JSON.stringify({
        specversion: '1.0',
        id: `m-${n}`,
        source: '/chat',
        type: 'deskpulse.message.sent.v1',
        data: { from: 'robot', n },
      }),
    ),
  )
  await Promise.all(inputs.map((input) => box.write(letterOf(input))))
  expect(letters().map(({ original }) => Buffer.from(original.bytes).toString())).toEqual(
    inputs.map(String),
  )
  expect(bytes() * 5).toBeLessThan(inputs.reduce((sum, { length }) => sum + length, 0))
})

test('no record is larger than the topic takes, though nothing can be compressed', async () => {
  const { box, records, letters } = topic()
  const inputs = [256 * 1024, 300 * 1024, 1, ...Array<number>(20).fill(200 * 1024)].map((length) =>
    randomBytes(length),
  )
  await Promise.all(inputs.map((input) => box.write(letterOf(input))))
  expect(letters().map(({ original }) => original)).toEqual(
    inputs.map((input) => originalOf(input)),
  )
  expect(Math.max(...records.map(({ value }) => value!.length))).toBeLessThan(recordBytesMax * 0.75)
})

test('letters that differ in anything but their time stay apart', async () => {
  const { box, letters } = topic()
  const bytes = Buffer.from('x')
  const others: Partial<NewLetter>[] = [
    { tenant: 'other' },
    { tenant: undefined },
    { refusal: { ...refusal, code: 'not-an-event' } },
    { refusal: { ...refusal, path: '/type' } },
    { refusal: { ...refusal, got: 'else' } },
    { refusal: { ...refusal, source: '/chat' } },
    { original: { kind: 'head', bytes, length: 9, sha256: '1' } },
    { original: { kind: 'head', bytes, length: 9, sha256: '2' } },
  ]
  await Promise.all(
    [letterOf(bytes), ...others.map((change) => letterOf(bytes, change)), letterOf(bytes)].map(
      (one) => box.write(one),
    ),
  )
  expect(letters().map(({ times }) => times)).toEqual([2, ...others.map(() => 1)])
})

test('the tenant is the one that it was sent to, else the one that it names', async () => {
  const { box, letters } = topic()
  const named = { ...refusal, tenant: 'named' }
  await box.write(letterOf(Buffer.from('1'), { refusal: named }))
  await box.write(letterOf(Buffer.from('2'), { refusal: named, tenant: undefined }))
  await box.write(letterOf(Buffer.from('3'), { tenant: 'No Tenant' }))
  expect(letters().map(({ tenant }) => tenant)).toEqual(['acme', 'named', null])
})

test('a letter is acknowledged only when the topic has its group; a failure is that group’s alone', async () => {
  let isFailing = true
  const { box, letters } = topic(() => isFailing)
  const lost = [box.write(letterOf(Buffer.from('a'))), box.write(letterOf(Buffer.from('b')))]
  for (const one of await Promise.allSettled(lost))
    expect(one).toMatchObject({ status: 'rejected', reason: { message: 'on purpose' } })
  isFailing = false
  await box.write(letterOf(Buffer.from('c')))
  expect(letters().map(({ original }) => Buffer.from(original.bytes).toString())).toEqual(['c'])
})
