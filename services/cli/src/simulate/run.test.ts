import { expect, test } from 'vitest'
import type { WireEvent } from '@deskpulse/contract'
import { manualClock } from '../testing/manual-clock.ts'
import { runSimulation, type RunOptions } from './run.ts'

const nowMs = Date.parse('2026-03-02T10:00:00Z')
const minuteMs = 60_000

type Sent = { readonly atMs: number; readonly events: readonly WireEvent[] }

/** Runs against a clock on which sleeping costs nothing, with what was sent when. */
async function ran(
  options: Partial<RunOptions>,
  abortAfterMs = Infinity,
): Promise<{ sent: Sent[]; reachedMs: number; ended: string }> {
  const clock = manualClock(nowMs)
  const interrupted = new AbortController()
  const sent: Sent[] = []
  const outcome = await runSimulation({
    tenant: 'demo',
    startMs: nowMs,
    clock,
    signal: interrupted.signal,
    send: async (events) => {
      sent.push({ atMs: clock.nowMs(), events })
      if (clock.nowMs() >= nowMs + abortAfterMs) interrupted.abort()
    },
    ...options,
  })
  return { sent, reachedMs: outcome.reachedMs, ended: outcome.ended }
}

const timesOf = (sent: readonly Sent[]): number[] =>
  sent.flatMap(({ events }) => events.map(({ time }) => Date.parse(time)))

test('an event leaves when its time has come, never before it and not a second after', async () => {
  const { sent, ended } = await ran({ endMs: nowMs + 5 * minuteMs })
  for (const { atMs, events } of sent) {
    for (const { time } of events) {
      expect(Date.parse(time)).toBeLessThanOrEqual(atMs)
      expect(Date.parse(time)).toBeGreaterThan(atMs - 1_000)
    }
  }
  expect(timesOf(sent).length).toBeGreaterThan(300)
  expect(ended).toBe('complete')
})

test('the warm-up is sent at once, and the present follows at its own pace', async () => {
  const { sent } = await ran({
    startMs: nowMs - 30 * minuteMs,
    warmUpMs: 30 * minuteMs,
    endMs: nowMs + minuteMs,
  })
  const atOnce = sent.filter(({ atMs }) => atMs === nowMs)
  expect(timesOf(atOnce).length).toBeGreaterThan(1_500)
  expect(timesOf(atOnce).every((timeMs) => timeMs <= nowMs)).toBe(true)
  expect(sent.at(-1)!.atMs).toBeGreaterThanOrEqual(nowMs + minuteMs)
})

test('at speed 60 an hour of the past takes a minute, and what would be ahead of the clock waits for it', async () => {
  const startMs = nowMs - 60 * minuteMs
  const { sent } = await ran({ startMs, speed: 60, endMs: nowMs + 5 * minuteMs })
  for (const { atMs, events } of sent)
    for (const { time } of events) expect(Date.parse(time)).toBeLessThanOrEqual(atMs)
  const halfway = sent.filter(({ atMs }) => atMs <= nowMs + minuteMs / 2)
  expect(Math.max(...timesOf(halfway))).toBeGreaterThan(nowMs - 31 * minuteMs)
  expect(Math.max(...timesOf(halfway))).toBeLessThanOrEqual(nowMs - 30 * minuteMs)
})

test('an interruption winds the run up: contacts end, agents sign out, and all of it is sent', async () => {
  const { sent, ended, reachedMs } = await ran({}, 2 * minuteMs)
  const events = sent.flatMap((batch) => batch.events)
  const idsOf = (type: string): unknown[] =>
    events.filter((event) => event.type === type).map(({ data }) => data['contactId'])
  expect(new Set(idsOf('deskpulse.contact.closed.v1'))).toEqual(
    new Set(idsOf('deskpulse.contact.opened.v1')),
  )
  expect(events.at(-1)).toMatchObject({
    type: 'deskpulse.agent.state_changed.v1',
    data: { state: 'offline' },
  })
  expect(ended).toBe('stopped')
  expect(reachedMs - nowMs).toBeLessThan(3 * minuteMs)
})

test('the caller hears how far everything has been sent', async () => {
  const heard: [number, number][] = []
  const { sent } = await ran({
    endMs: nowMs + minuteMs,
    onSent: (reachedMs, count) => heard.push([reachedMs, count]),
  })
  expect(heard.map(([, count]) => count)).toEqual(
    sent.map((_, index) => timesOf(sent.slice(0, index + 1)).length),
  )
  expect(
    heard.every(([reachedMs], index) => index === 0 || reachedMs >= heard[index - 1]![0]),
  ).toBe(true)
})

test('a failure to send ends the run with it', async () => {
  await expect(ran({ send: () => Promise.reject(new Error('gone')) })).rejects.toThrow('gone')
})
