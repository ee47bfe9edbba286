import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { lateAfterMs } from '@deskpulse/core/alerts'
import { dayMs, hourMs, minuteMs, secondMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { bookLimits, evaluateEveryMs, settleMaxMs, settleMs } from './book/limits.ts'
import { disableAfter, deliveryLimits, retryLimits, storedLimits } from './delivery/limits.ts'

const textOf = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../docs/${name}.md`, import.meta.url)), 'utf8')
const docs = { alerts: textOf('alerts'), api: textOf('api') } as const

test.each<
  [doc: keyof typeof docs, says: string, values: readonly unknown[], promised: readonly unknown[]]
>([
  ['alerts', 'of a slice every five seconds', [evaluateEveryMs], [5 * secondMs]],
  ['alerts', 'found more than five minutes after its deadline', [lateAfterMs], [5 * minuteMs]],
  [
    'alerts',
    'when ten seconds have passed in which nothing more was found late',
    [settleMs],
    [10 * secondMs],
  ],
  ['alerts', 'is told in rounds of five minutes', [settleMaxMs], [5 * minuteMs]],
  [
    'alerts',
    'pauses that double from one second to five minutes',
    [retryLimits.firstMs, retryLimits.maxMs],
    [secondMs, 5 * minuteMs],
  ],
  ['alerts', '(`Retry-After`, up to an hour)', [retryLimits.askedMaxMs], [hourMs]],
  [
    'alerts',
    'has failed for an hour, at least ten times',
    [disableAfter],
    [{ failingMs: hourMs, attempts: 10 }],
  ],
  ['alerts', 'what is over for five minutes more', [storedLimits.endRenewedForMs], [5 * minuteMs]],
  [
    'alerts',
    'for 30 days and at most 5,000 alerts',
    [bookLimits.historyKeptMs, bookLimits.historyMax],
    [30 * dayMs, 5_000],
  ],
  ['api', 'lists the last 1,000 messages', [deliveryLimits.listedMax], [1_000]],
  ['api', 'At most 1,000 alerts are in one summary', [deliveryLimits.summarisedMax], [1_000]],
])('what docs/%s.md says holds: %s', (doc, says, values, promised) => {
  expect(docs[doc]).toContain(says)
  expect(values).toEqual(promised)
})

test('what is kept of an endpoint and of a tenant is bounded by these numbers', () => {
  const { waitingMax, openMax, listedMax, renewalsListedMax, renewedMax } = deliveryLimits
  expect({ waitingMax, openMax, listedMax, renewalsListedMax, renewedMax }).toEqual({
    ...{
      waitingMax: 10_000,
      openMax: 500,
      listedMax: 1_000,
      renewalsListedMax: 100,
      renewedMax: 10_000,
    },
  })
  const { attemptsListed, notifiedListed, commandsRemembered, detailMax, notifiedForMs } =
    storedLimits
  expect({ attemptsListed, notifiedListed, commandsRemembered, detailMax, notifiedForMs }).toEqual({
    ...{
      attemptsListed: 20,
      notifiedListed: 20,
      commandsRemembered: 100,
      detailMax: 300,
      notifiedForMs: 35 * dayMs,
    },
  })
  const { silencesMax, slicesPerRuleMax, windowsKeptMax } = bookLimits
  expect({ silencesMax, slicesPerRuleMax, windowsKeptMax }).toEqual({
    silencesMax: 1_000,
    slicesPerRuleMax: 500,
    windowsKeptMax: 10_000,
  })
})
