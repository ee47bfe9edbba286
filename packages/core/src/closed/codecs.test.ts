import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closedKinds } from '../time/periods.ts'
import type { EpochMs } from '../time/time.ts'
import { closedCauses, type ClosedRecord, decodeClosed, encodeClosed } from './closed-record.ts'
import { decodeClosedTo, encodeClosedTo } from './closed-to.ts'
import {
  decodeIssuedHead,
  decodeIssues,
  encodeIssuedHead,
  encodeIssues,
  type Issue,
} from './issued.ts'

const time = fc.integer({ min: -2e12, max: 9e12 }).map((ms) => ms as EpochMs)
const records: fc.Arbitrary<ClosedRecord> = fc.record({
  revision: fc.integer({ min: 1, max: 1e6 }),
  cause: fc.constantFrom(...closedCauses),
  closedAtMs: time,
  offset: fc.maxSafeNat(),
  foldVersion: fc.nat(),
  configurations: fc.array(fc.string(), { maxLength: 3 }),
  measures: fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 3 }),
})
const issues: fc.Arbitrary<Issue[]> = fc.array(
  fc.record({
    closedAtMs: time,
    kind: fc.constantFrom(...closedKinds),
    startMs: time,
    slice: fc.nat(1e6),
    revision: fc.nat(1e6),
  }),
)

test('a closed record comes back as it went, and one that ends early is refused', () => {
  fc.assert(
    fc.property(records, fc.nat(), (record, cut) => {
      const bytes = encodeClosed(record)
      const { measures, ...rest } = decodeClosed(bytes)
      expect({ ...rest, measures: measures.map((one) => new Uint8Array(one)) }).toEqual({
        ...record,
        measures: record.measures.map((one) => new Uint8Array(one)),
      })
      expect(() => decodeClosed(bytes.subarray(0, cut % bytes.length))).toThrow(RangeError)
    }),
  )
})

test('a closed record of another version is refused', () => {
  const [record] = fc.sample(records, 1)
  const bytes = encodeClosed(record!)
  bytes[0] = 2
  expect(() => decodeClosed(bytes)).toThrow('closed record of version 2, not 1')
})

test('issues, their head, and how far periods are closed come back as they went', () => {
  fc.assert(
    fc.property(issues, fc.nat(), fc.tuple(time, time, fc.nat(), fc.nat()), (all, total, to) => {
      expect(decodeIssues(encodeIssues(all))).toEqual(all)
      const head = { total, filling: all }
      expect(decodeIssuedHead(encodeIssuedHead(head))).toEqual(head)
      const [beganMs, toMs, graceMs, fcrWindowMs] = to
      const closedTo = { beganMs, toMs, graceMs, fcrWindowMs }
      expect(decodeClosedTo(encodeClosedTo(closedTo))).toEqual(closedTo)
    }),
  )
  expect(decodeIssuedHead(null)).toEqual({ total: 0, filling: [] })
})
