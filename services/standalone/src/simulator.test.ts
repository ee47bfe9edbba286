import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { WireEvent } from '@deskpulse/contract'
import { runSimulator } from './simulator.ts'

const folder = mkdtempSync(join(tmpdir(), 'deskpulse-simulator-'))
afterAll(() => rmSync(folder, { recursive: true }))

const beginsMs = Date.parse('2026-03-02T10:00:00Z')

/** What reached the log, over starts and crashes, on a clock on which sleeping costs nothing. */
function world(name: string) {
  const file = join(folder, name)
  const taken: WireEvent[] = []
  let nowMs = beginsMs
  return {
    file,
    taken,
    wait: (ms: number) => void (nowMs += ms),
    mark: () => JSON.parse(readFileSync(file, 'utf8')) as { readonly isWoundUp: boolean },
    /** Plays for `liveMs`; `crashAt`: the batch of that number is taken, and nothing after it. */
    async play({
      liveMs,
      crashAt = Infinity,
    }: {
      readonly liveMs: number
      readonly crashAt?: number
    }) {
      const stop = new AbortController()
      const untilMs = nowMs + liveMs
      let batches = 0
      await runSimulator({
        file,
        signal: stop.signal,
        clock: {
          nowMs: () => nowMs,
          async sleep(ms) {
            nowMs += ms
            if (nowMs >= untilMs) stop.abort()
          },
        },
        async send(_tenant, events) {
          taken.push(...events)
          batches += 1
          if (batches >= crashAt) throw new Error('killed')
        },
      })
    },
  }
}

const contactsOf = (events: readonly WireEvent[], type: RegExp): ReadonlySet<unknown> =>
  new Set(
    events
      .filter((event) => type.test(event.type))
      .map((event) => (event.data as { readonly contactId?: string }).contactId),
  )

test('it begins with two hours of history, goes on live, and is wound up when it stops', async () => {
  const at = world('stop')
  await at.play({ liveMs: 60_000 })
  const timesMs = at.taken.map(({ time }) => Date.parse(time))
  expect(timesMs[0]).toBeLessThan(beginsMs - 7_000_000)
  expect(timesMs.at(-1)).toBeGreaterThan(beginsMs + 50_000)
  expect(at.mark().isWoundUp).toBe(true)
})

test('a run that was killed is ended at the next start: nobody waits for ever, and no event comes back with other content', async () => {
  const at = world('crash')
  await expect(at.play({ liveMs: 60_000, crashAt: 20 })).rejects.toThrow('killed')
  const before = at.taken.length
  at.wait(600_000)
  await at.play({ liveMs: 1_000 })
  expect(at.taken.length).toBeGreaterThan(before)

  const contents = new Map<string, string>()
  for (const event of at.taken) {
    const content = JSON.stringify(event)
    expect(contents.get(event.id) ?? content).toBe(content)
    contents.set(event.id, content)
  }
  const ended = contactsOf(at.taken, /contact\.(closed|resolved|ended|abandoned|wrapped_up)/)
  const opened = [...contactsOf(at.taken.slice(0, before), /contact\.opened/)]
  expect(opened.filter((contact) => !ended.has(contact))).toEqual([])
})

test('a start soon after a stop goes on where that ended, without a second history', async () => {
  const at = world('again')
  await at.play({ liveMs: 60_000 })
  const before = at.taken.length
  at.wait(30_000)
  await at.play({ liveMs: 30_000 })
  const firstMs = Date.parse(at.taken[before]?.time ?? '')
  expect(firstMs).toBeGreaterThanOrEqual(beginsMs + 50_000)
})
