import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { wholeBody } from './whole-body.ts'

/** A body that comes as the test writes it; `held`: what of it counted as the request's share at each piece. */
function coming({
  bytesMax = 100,
  declaredBytes = 0,
  roomBytes = Infinity,
  withinMs = 60_000,
} = {}) {
  const body = new PassThrough()
  const held: number[] = []
  const hold = (bytes: number): boolean => {
    held.push(bytes)
    return bytes <= roomBytes
  }
  return {
    body,
    held,
    whole: wholeBody(body, { share: { hold, release() {} }, bytesMax, declaredBytes, withinMs }),
  }
}

const refusedAs = (code: string) =>
  expect.objectContaining({ problem: expect.objectContaining({ code }) })

test.each([
  { rule: 'in one piece', pieces: ['{"a":1}'] },
  { rule: 'in several', pieces: ['{"a"', ':', '1}'] },
  { rule: 'without a byte', pieces: [] },
])('a body that comes $rule is what was sent, and counts as it comes', async ({ pieces }) => {
  const { body, held, whole } = coming()
  for (const piece of pieces) body.write(piece)
  body.end()
  expect((await whole).toString()).toBe(pieces.join(''))
  expect(held).toHaveLength(pieces.length)
  expect(held).toEqual(held.toSorted((a, b) => a - b))
})

test('a body that says it is too large is refused before it comes', async () => {
  const { whole, held } = coming({ declaredBytes: 101 })
  await expect(whole).rejects.toEqual(refusedAs('too-large'))
  expect(held).toEqual([])
})

test.each([
  { code: 'too-large', limits: { bytesMax: 5 } },
  { code: 'overloaded', limits: { roomBytes: 5 } },
  { code: 'request-timeout', limits: { withinMs: -1 } },
])(
  'a body that is $code is refused as it comes, and no more of it is read',
  async ({ code, limits }) => {
    const { body, held, whole } = coming(limits)
    body.write('123456')
    await expect(whole).rejects.toEqual(refusedAs(code))
    const before = held.length
    body.write('7')
    body.end()
    await new Promise(setImmediate)
    expect([held.length, body.readableFlowing]).toEqual([before, false])
  },
)

test('a body that ends before its end fails, with the error of its connection or with one that says so', async () => {
  const broken = coming()
  broken.body.write('{')
  broken.body.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }))
  await expect(broken.whole).rejects.toMatchObject({ code: 'ECONNRESET' })
  const ended = coming()
  ended.body.write('{')
  ended.body.destroy()
  await expect(ended.whole).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' })
})
