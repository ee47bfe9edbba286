import type { AlertSeverity } from '@deskpulse/core/alerts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NoticeRef } from './notice-ref.ts'
import { type Waiting, WaitingQueue } from './waiting-queue.ts'

const severities = ['info', 'warning', 'critical'] as const
type Status = NoticeRef['status']

const waitingOf = (
  alertId: string,
  seq: number,
  severity: AlertSeverity,
  status: Status = 'firing',
  isRetracted = false,
): Waiting => ({
  ...{ seq, received: 'no' },
  ref: {
    alertId,
    status,
    severity,
    retracted: isRetracted,
    repeat: 0,
    tenant: 'acme',
    rule: 'r',
    summary: null,
  },
})

/** What waits after these, by a plain map: a newer state replaces the one before. */
const acts = fc.array(
  fc.record({
    alertId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    severity: fc.constantFrom(...severities),
    status: fc.constantFrom<Status>('firing', 'resolved'),
    kind: fc.constantFrom('add', 'add', 'add', 'retracted', 'remove'),
  }),
  { maxLength: 40 },
)

test('the gravest comes first and the oldest of those; what is over and light is given up first: whatever comes and goes', () => {
  fc.assert(
    fc.property(acts, (made) => {
      const queue = new WaitingQueue()
      const plain = new Map<string, Waiting>()
      for (const [seq, { alertId, severity, status, kind }] of made.entries()) {
        plain.delete(alertId)
        if (kind === 'remove') queue.remove(alertId)
        else {
          const waiting = waitingOf(alertId, seq, severity, status, kind === 'retracted')
          queue.add(waiting)
          plain.set(alertId, waiting)
        }
      }
      const all = [...plain.values()]
      const gravity = ({ ref }: Waiting): number => severities.indexOf(ref.severity)
      const isFiring = ({ ref }: Waiting): number => (ref.status === 'firing' ? 1 : 0)
      expect(queue.size).toBe(all.length)
      expect([...queue.inTurn()]).toEqual(
        all.toSorted((a, b) => gravity(b) - gravity(a) || a.seq - b.seq),
      )
      expect([...queue.expendable()]).toEqual(
        all.toSorted(
          (a, b) => isFiring(a) - isFiring(b) || gravity(a) - gravity(b) || a.seq - b.seq,
        ),
      )
      expect([...queue.retracted].toSorted()).toEqual(
        all
          .filter(({ ref }) => ref.retracted)
          .map(({ ref }) => ref.alertId)
          .toSorted(),
      )
      for (const { alertId } of made) expect(queue.get(alertId)).toEqual(plain.get(alertId))
    }),
  )
})

test('what was received of an alert is noted in its place; of one that does not wait nothing is', () => {
  const queue = new WaitingQueue()
  queue.add(waitingOf('a', 1, 'info'))
  queue.add(waitingOf('b', 2, 'info'))
  queue.setReceived('a', 'maybe')
  queue.setReceived('c', 'yes')
  expect([...queue.inTurn()].map(({ ref, seq, received }) => [ref.alertId, seq, received])).toEqual(
    [
      ['a', 1, 'maybe'],
      ['b', 2, 'no'],
    ],
  )
})
