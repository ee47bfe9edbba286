import { expect, test } from 'vitest'
import { measures } from '../families/catalogue.ts'
import { passThresholdMeasures } from '../families/queues.ts'
import { thresholdMeasures } from '../families/replies.ts'
import { addCount, addDuration, addMoney, addSpan, emptyRecord } from '../measures/record.ts'
import { encodeRecord } from '../measures/record-codec.ts'
import { namedMeasures } from './named-measures.ts'

test('every measure has its name, also those of a threshold; durations are told by count, sum and what they are near, money by currency', () => {
  const record = emptyRecord()
  addCount(record, measures.contactOpened, 3)
  addSpan(record, measures.agentHandling, 60_000)
  addDuration(record, measures.replyTime, 20, 2)
  addDuration(record, measures.replyTime, 100_000, 1)
  addCount(record, thresholdMeasures(45).due, 4)
  addCount(record, thresholdMeasures(45).within, 1)
  addCount(record, passThresholdMeasures(45).due, 6)
  addCount(record, passThresholdMeasures(45).within, 5)
  addMoney(record, measures.orderMoney, 'ZAR', 500)
  addMoney(record, measures.orderMoney, 'CNY', 12_900)
  addMoney(record, measures.costMoney.named!.year, 'EUR', 7)
  expect(namedMeasures([encodeRecord(record).slice()])).toEqual({
    contactOpened: 3,
    agentHandling: 60_000,
    replyTime: { count: 3, sumMs: 100_040, near: [[20, 2], expect.arrayContaining([1])] },
    due45s: 4,
    within45s: 1,
    passDue45s: 6,
    passWithin45s: 5,
    orderMoney: { CNY: 12_900, ZAR: 500 },
    'costMoney-year': { EUR: 7 },
  })
})

test('a sum past 2^53 is exact; where nothing is held there is none', () => {
  const part = (ms: number): Uint8Array => {
    const record = emptyRecord()
    addSpan(record, measures.agentHandling, ms)
    return encodeRecord(record).slice()
  }
  const most = Number.MAX_SAFE_INTEGER
  expect(namedMeasures([part(most), part(most), part(5)])).toEqual({
    agentHandling: 2n * BigInt(most) + 5n,
  })
  expect(namedMeasures([])).toEqual({})
})
