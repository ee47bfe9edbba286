import { expect, test } from 'vitest'
import { noTurns } from '../reading/turns.ts'
import { etagOf, jsonOf } from './representation.ts'

const asOf = '2026-03-02T10:00:00.000Z'
const window = { start: '2026-03-02T09:00:00.000Z', end: asOf }
const standing = { stale: false, clock: null }

test.each([0, 1, 2, 40_000])(
  'an answer of %i rows is whole, and is named by what it says',
  async (count) => {
    const rows = Array.from({ length: count }, (_, place) => ({
      place,
      queue: '售后 🙂',
      n: 2n ** 60n,
    }))
    const said = { tenant: 'acme', rows, next: undefined }
    const { body, headers } = await jsonOf({ asOf, window, ...said }, standing, noTurns)
    const row = (place: number): string =>
      `{"place":${String(place)},"queue":"售后 🙂","n":1152921504606846976}`
    const content = `"stale":false,"clock":null,"tenant":"acme","rows":[${rows.map(({ place }) => row(place)).join(',')}]}`
    expect(
      body.equals(Buffer.from(`${JSON.stringify({ asOf, window }).slice(0, -1)},${content}`)),
    ).toBe(true)
    expect(headers['etag']).toBe(etagOf(window.start, `{${content}`))
  },
)
