import { expect, test } from 'vitest'
import { openDueLoop } from './due-loop.ts'
import { VirtualClock } from './testing/virtual-clock.ts'

/** A loop whose work is due at given instants, after its clock's start; each act takes one of them. */
function loopOf(due: number[], { takesMs = 0 }: { readonly takesMs?: number } = {}) {
  const clock = new VirtualClock(0)
  const acts: number[] = []
  const failures: unknown[] = []
  let fault: Error | null = null
  let under = 0
  let together = 0
  const loop = openDueLoop({
    nowMs: () => clock.atMs,
    timer: clock,
    nextMs: () => due[0] ?? Infinity,
    async act() {
      together = Math.max(together, ++under)
      acts.push(clock.atMs)
      due.shift()
      if (takesMs > 0) await clock.sleep(takesMs)
      under -= 1
      if (fault !== null) throw fault
    },
    failed: (error) => failures.push(error),
  })
  return {
    clock,
    acts,
    due,
    failures,
    loop,
    together: () => together,
    failNext: (error: Error) => (fault = error),
  }
}

test('nothing happens before it begins', async () => {
  const { clock, acts, loop } = loopOf([0, 5])
  loop.wake()
  await clock.pass(10)
  expect(acts).toEqual([])
  loop.begin()
  await clock.pass(0)
  expect(acts).toEqual([10, 10])
})

test('it acts when something is due: at once, at its instant, not a millisecond earlier, and again for what is due next', async () => {
  const { clock, acts, loop } = loopOf([0, 0, 20, 50])
  loop.begin()
  await clock.pass(19)
  expect(acts).toEqual([0, 0])
  await clock.pass(1)
  expect(acts).toEqual([0, 0, 20])
  await clock.pass(100)
  expect(acts).toEqual([0, 0, 20, 50])
})

test('what is never due needs no timer, and is done when it is woken', async () => {
  const { clock, acts, due, loop } = loopOf([])
  loop.begin()
  await clock.pass(1_000_000)
  due.push(0)
  await clock.pass(1_000_000)
  expect(acts).toEqual([])
  loop.wake()
  await clock.pass(0)
  expect(acts).toEqual([2_000_000])
})

test('woken, it looks again: what became due earlier is done then, and the later instant is not done twice', async () => {
  const { clock, acts, due, loop } = loopOf([100])
  loop.begin()
  await clock.pass(10)
  due.unshift(30)
  loop.wake()
  await clock.pass(25)
  expect(acts).toEqual([30])
  await clock.pass(200)
  expect(acts).toEqual([30, 100])
})

test('one act at a time: a wake meanwhile begins no second one, and is not forgotten', async () => {
  const { clock, acts, due, loop, together } = loopOf([0], { takesMs: 40 })
  loop.begin()
  await clock.pass(10)
  due.push(10)
  loop.wake()
  await clock.pass(29)
  expect(acts).toEqual([0])
  await clock.pass(1)
  expect(acts).toEqual([0, 40])
  await clock.pass(100)
  expect(together()).toBe(1)
})

test('its end begins nothing more, and comes when what is under way has ended', async () => {
  const { clock, acts, loop } = loopOf([0, 0, 90], { takesMs: 40 })
  loop.begin()
  await clock.pass(10)
  let ended = false
  const end = loop.end().then(() => (ended = true))
  loop.wake()
  await clock.pass(29)
  expect(ended).toBe(false)
  await clock.pass(200)
  await end
  expect(acts).toEqual([0])
})

test('its end calls off what was to come', async () => {
  const { clock, acts, loop } = loopOf([50])
  loop.begin()
  await clock.pass(10)
  await loop.end()
  await clock.pass(100)
  expect(acts).toEqual([])
})

test('an act that throws ends it, and is told once', async () => {
  const { clock, acts, failures, loop, failNext } = loopOf([0, 0, 10])
  const error = new Error('the ledger is gone')
  failNext(error)
  loop.begin()
  await clock.pass(0)
  loop.wake()
  await clock.pass(100)
  expect([acts, failures]).toEqual([[0], [error]])
})
