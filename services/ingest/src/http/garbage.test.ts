import { createHash } from 'node:crypto'
import type { AcceptedResponse, Problem } from '@deskpulse/contract'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { garbage } from '../testing/garbage.ts'
import { message, type Rig, rig } from '../testing/rig.ts'

const url = '/v1/tenants/acme/events'
const keptMax = 256 * 1024

describe('garbage over HTTP', () => {
  let world: Rig
  let lettersBefore = 0
  beforeAll(async () => {
    world = await rig()
  })
  beforeEach(async () => {
    lettersBefore = (await world.deadLetters()).length
  })
  afterAll(() => world.close())

  async function post(payload: Buffer, type: string) {
    return world.http.inject({ method: 'POST', url, payload, headers: { 'content-type': type } })
  }

  test.each(garbage)(
    '$what alone is answered $status, and is a dead letter $code with its bytes',
    async ({ bytes, code, path, status }) => {
      const response = await post(bytes, 'application/json')
      expect(response.statusCode).toBe(status)
      if (status === 422) {
        expect(response.json<AcceptedResponse>()).toMatchObject({
          accepted: 0,
          refused: 1,
          refusals: [{ index: 0, code, path }],
        })
      } else {
        expect(response.headers['content-type']).toContain('application/problem+json')
        expect(response.json<Problem>()).toMatchObject({ status, code, errors: [{ path }] })
      }
      const [letter, ...others] = (await world.deadLetters()).slice(lettersBefore)
      expect(others).toEqual([])
      const receivedMs = Date.parse('2026-03-02T01:00:30.000Z')
      expect(letter).toMatchObject({
        code,
        path,
        tenant: 'acme',
        firstMs: receivedMs,
        lastMs: receivedMs,
        times: 1,
        place: null,
      })
      expect(Buffer.from(letter!.original.bytes).equals(bytes.subarray(0, keptMax))).toBe(true)
      if (bytes.length <= keptMax) return
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      expect(letter!.original).toMatchObject({ length: bytes.length, sha256 })
    },
  )

  test.each(garbage)(
    '$what between good events stops neither, in an array or a stream',
    async ({ bytes, code }) => {
      const [before, after] = [message({ id: 'before' }), message({ id: 'after' })].map((event) =>
        JSON.stringify(event),
      )
      const isOneElement = code !== 'not-json'
      if (isOneElement) {
        const array = Buffer.concat([Buffer.from(`[${before},`), bytes, Buffer.from(`,${after}]`)])
        const inArray = await post(array, 'application/json')
        expect(inArray.statusCode).toBe(202)
        expect(inArray.json<AcceptedResponse>()).toMatchObject({
          accepted: 2,
          refused: 1,
          refusals: [{ index: 1, code }],
        })
      }
      const lines = Buffer.concat([
        Buffer.from(`${before}\n`),
        bytes,
        Buffer.from(`\n\r\n${after}`),
      ])
      const inStream = await post(lines, 'application/x-ndjson')
      expect(inStream.statusCode).toBe(202)
      expect(inStream.json<AcceptedResponse>()).toMatchObject({
        accepted: 2,
        refused: 1,
        refusals: [{ index: 1, code }],
      })
      const letters = (await world.deadLetters()).slice(lettersBefore)
      expect(letters).toHaveLength(isOneElement ? 2 : 1)
      for (const { original } of letters)
        expect(Buffer.from(original.bytes).equals(bytes.subarray(0, keptMax))).toBe(true)
    },
  )

  test('a refusal shows no value of a field that could be personal', async () => {
    const response = await post(
      Buffer.from(
        JSON.stringify(message({ data: { contactId: 'Mario Rossi\n+39 333', from: 'agent' } })),
      ),
      'application/json',
    )
    expect(response.body).not.toContain('Rossi')
  })
})
