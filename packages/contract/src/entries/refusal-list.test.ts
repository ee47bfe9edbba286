import type { CanonicalEvent } from '@deskpulse/core/events'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  decodeRefusalHead,
  decodeRefusalPage,
  encodeRefusalHead,
  encodeRefusalPage,
  listedEvent,
  type ListedRefusal,
  pageOfRefusal,
  refusalKeys,
  refusalLimits,
  refusalsNewestFirst,
} from './index.ts'

const { listedMax, perPage } = refusalLimits
const pages = listedMax / perPage
const refusal = (index: number): ListedRefusal => ({
  ...{ atMs: 0, code: 'expired', reason: '' },
  ...{ partition: 0, offset: 7, index },
  event: null,
})

/** What the store holds once `total` were refused: each page is put into the ring as soon as it is full. */
function storedAfter(total: number) {
  const ring: (ListedRefusal[] | null)[] = Array.from({ length: pages }, () => null)
  let filling: ListedRefusal[] = []
  for (let number = 0; number < total; number += 1) {
    filling.push(refusal(number))
    if (filling.length < perPage) continue
    ring[pageOfRefusal(number)] = filling
    filling = []
  }
  return { head: { total, filling }, ring }
}

test('the last ones that were refused are listed, the newest first, each with its number', () => {
  fc.assert(
    fc.property(fc.nat({ max: 3 * listedMax }), (total) => {
      const { head, ring } = storedAfter(total)
      const listed = [...refusalsNewestFirst(head, ring)]
      const count = Math.min(total, listedMax)
      expect(listed.map(({ number }) => number)).toEqual(
        Array.from({ length: count }, (_, at) => total - 1 - at),
      )
      for (const { number, refusal: one } of listed) expect(one.index).toBe(number)
    }),
    { examples: [[0], [1], [perPage], [listedMax], [listedMax + 1], [listedMax + perPage]] },
  )
})

test('what a lost page held is left out', () => {
  const { head, ring } = storedAfter(2 * perPage + 1)
  ring[0] = null
  expect([...refusalsNewestFirst(head, ring)].map(({ number }) => number).at(-1)).toBe(perPage)
})

test('a tenant has the key of the head and one for each page, none twice', () => {
  const keys = refusalKeys('acme')
  expect(new Set(keys).size).toBe(1 + pages)
  expect(keys.filter((key) => refusalKeys('globex').includes(key))).toEqual([])
})

test('head and pages come back as they went, and nothing else is taken for one', () => {
  const { head, ring } = storedAfter(perPage + 1)
  expect(decodeRefusalHead(encodeRefusalHead(head))).toEqual(head)
  expect(decodeRefusalPage(encodeRefusalPage(ring[0]!))).toEqual(ring[0])
  expect(() => decodeRefusalHead(encodeRefusalPage(ring[0]!))).toThrow('head of refusals')
  expect(() => decodeRefusalPage(encodeRefusalHead(head))).toThrow('page of refusals')
})

test('the data of an event is listed up to its limit, of the whole canonical event', () => {
  const event: CanonicalEvent = {
    ...{ type: 'message.sent', id: 'e-1', source: '/chat', sequence: '1', tenant: 'acme' },
    ...{ timeMs: 5 as CanonicalEvent['timeMs'], data: { contactId: 'c-1', from: 'customer' } },
  }
  const { tenant: _, ...said } = event
  const { dataBytesMax } = refusalLimits
  expect(listedEvent(event, new Uint8Array(dataBytesMax))).toEqual(said)
  expect(listedEvent(event, new Uint8Array(dataBytesMax + 1))).toEqual({ ...said, data: null })
})
