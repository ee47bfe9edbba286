import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import type { Sent } from '../sending/sender.ts'
import { noticeOf } from '../testing/notices.ts'
import { Endpoint, type Request, openMessage } from './endpoint.ts'
import { openRequests, within } from './requests.ts'
import { noAttempts } from './attempts.ts'
import { refOf } from './notice-ref.ts'
import { channelWith, endpointOf } from './testing/receivers.ts'
import { VirtualClock } from './testing/virtual-clock.ts'

const target = { config: endpointOf('floor'), channel: channelWith() }

function requestOf(id: string): Request {
  const notice = noticeOf({})
  const record = {
    id,
    seq: 1,
    turn: 1,
    createdMs: 0 as EpochMs,
    notices: [refOf(notice)],
    test: false,
    attempts: noAttempts,
  }
  const message = openMessage({
    ...record,
    dueMs: 0 as EpochMs,
    asked: false,
    unsure: false,
    end: null,
    resumes: null,
  })
  return { endpoint: new Endpoint('floor', target), target, message, notices: [notice] }
}

/** Requests that are answered after so long; what is sent is noted. */
function opened(answerAfterMs: readonly number[], answersWhenStopped = true) {
  const clock = new VirtualClock()
  const [sent, took]: [string[], number[]] = [[], []]
  let ends = 0
  const after = [...answerAfterMs]
  const requests = openRequests({
    ...{ nowMs: clock.nowMs, timer: clock, gatherMs: 10, onEnd: () => (ends += 1) },
    telemetry: { attempted: ({ tookMs }) => took.push(tookMs) },
    sender: {
      close: () => Promise.resolve(),
      send(_, signal): Promise<Sent> {
        sent.push(`at ${clock.atMs}`)
        const answered = clock
          .sleep(after.shift()!)
          .then((): Sent => ({ kind: 'answered', answer: { status: 200, headers: {}, body: '' } }))
        const stopped = new Promise<Sent>((resolve) => {
          signal.addEventListener(
            'abort',
            () => answersWhenStopped && resolve({ kind: 'failed', reason: 'stopped', detail: '' }),
          )
        })
        return Promise.race([answered, stopped])
      },
    },
  })
  const outcomes = () =>
    requests.ended().map(({ message, end }) => `${message.id} ${end.outcome} ${end.reason}`)
  return { clock, requests, sent, took, outcomes, ends: () => ends, beganMs: clock.atMs }
}

test('what ends while others are under way is written with what ends soon after, and at once where nothing is', async () => {
  const { clock, requests, outcomes, ends, beganMs, took } = opened([5, 12, 40])
  expect(requests.writeAtMs()).toBe(Infinity)
  for (const id of ['a', 'b', 'c']) requests.send(requestOf(id))
  await clock.pass(4)
  expect(requests.writeAtMs()).toBe(Infinity)
  await clock.pass(1)
  expect(requests.writeAtMs()).toBe(beganMs + 15)
  await clock.pass(7)
  expect([requests.writeAtMs(), ends()]).toEqual([beganMs + 15, 2])
  expect(outcomes()).toEqual(['a accepted null', 'b accepted null'])
  expect([requests.writeAtMs(), outcomes()]).toEqual([Infinity, []])
  await clock.pass(28)
  expect(requests.writeAtMs()).toBe(clock.atMs)
  expect([outcomes(), took]).toEqual([['c accepted null'], [5, 12, 40]])
})

test('stopped, answers may come for a while; then requests are broken off, and nothing more is sent', async () => {
  const { clock, requests, outcomes, sent } = opened([50, 5_000])
  for (const id of ['a', 'b']) requests.send(requestOf(id))
  let isOver = false
  void requests.stop(100).then(() => (isOver = true))
  requests.send(requestOf('c'))
  await clock.pass(99)
  expect([isOver, outcomes()]).toEqual([false, ['c stopped not-sent', 'a accepted null']])
  await clock.pass(1)
  expect([isOver, outcomes(), sent.length]).toEqual([true, ['b stopped stopped'], 2])
})

test('stopped, one that does not even end when it is broken off is not waited for much longer', async () => {
  const { clock, requests } = opened([5_000], false)
  requests.send(requestOf('a'))
  let isOver = false
  void requests.stop(100).then(() => (isOver = true))
  await clock.pass(199)
  expect(isOver).toBe(false)
  await clock.pass(1)
  expect(isOver).toBe(true)
})

test('what is waited for so long at most is over when it is, or fails', async () => {
  const clock = new VirtualClock()
  await within(clock, 1_000_000, Promise.resolve())
  await expect(within(clock, 1_000_000, Promise.reject(new Error('a bug')))).rejects.toThrow(
    'a bug',
  )
})
