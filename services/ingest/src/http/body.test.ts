import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Intake } from '../intake/intake.ts'
import { room } from '../intake/pending.ts'
import { takeBody, takeStream } from './body.ts'

const line = Buffer.from('{"an":"event"}\n')

const roomy = { share: { hold: () => true }, isStillLetIn: () => true }

function deps(durable: () => Promise<void>, bytesMax: number) {
  const intake: Intake = {
    take: () => ({ ok: true, durable: durable() }),
    refuse: () => {
      throw new Error('nothing is refused here')
    },
  }
  return { intake, room: room(bytesMax), nowMs: () => 0 }
}

test('a stream is read only while there is room, and goes on when there is again', async () => {
  const gate = Promise.withResolvers<void>()
  let read = 0
  async function* chunks() {
    for (; read < 1_000; read += 1) yield line
  }
  const outcome = takeStream(
    deps(() => gate.promise, 10 * line.length),
    'acme',
    chunks(),
    roomy,
  )
  await setImmediate() // All that can go on without the gate has.
  expect(read).toBe(10)
  gate.resolve()
  expect((await outcome).kind).toBe('taken')
  expect(read).toBe(1_000)
})

test('an array waits for room too', async () => {
  const gate = Promise.withResolvers<void>()
  let taken = 0
  const body = Buffer.from(`[${Array(50).fill('{}').join(',')}]`)
  const durable = () => {
    taken += 1
    return gate.promise
  }
  const outcome = takeBody(deps(durable, 20), 'acme', body)
  await setImmediate()
  expect(taken).toBe(11)
  gate.resolve()
  expect((await outcome).kind).toBe('taken')
  expect(taken).toBe(50)
})

test('nothing more of a stream is read once the log has failed', async () => {
  let read = 0
  async function* chunks() {
    for (; read < 1_000; read += 1) {
      yield line
      await setImmediate()
    }
  }
  const outcome = takeStream(
    deps(() => Promise.reject(new Error('gone')), 1_000_000),
    'acme',
    chunks(),
    roomy,
  )
  await expect(outcome).rejects.toThrow('gone')
  expect(read).toBeLessThan(5)
})

test('tiny lines that are refused weigh what their dead letters weigh', async () => {
  const gate = Promise.withResolvers<void>()
  const refusal = { code: 'not-json', path: '', expected: '', got: '' } as const
  let read = 0
  async function* chunks() {
    for (; read < 1_000; read += 1) yield Buffer.from('x\n')
  }
  const intake: Intake = {
    take: () => ({ ok: false, refusal, durable: gate.promise }),
    refuse: () => ({ ok: false, refusal, durable: gate.promise }),
  }
  const outcome = takeStream(
    { intake, room: room(10_000), nowMs: () => 0 },
    'acme',
    chunks(),
    roomy,
  )
  await setImmediate()
  expect(read).toBeLessThan(25)
  gate.resolve()
  expect((await outcome).kind).toBe('taken')
})

test('a line that does not end is held, and a stream for which there is no more room is turned away once all that it sent is durable', async () => {
  const held: number[] = []
  let durable = 0
  async function* chunks() {
    yield Buffer.from('{"an":"event"}\n{"the beginn')
    yield Buffer.from('ing of another')
    yield line
  }
  const settled = async () => {
    await setImmediate()
    durable += 1
  }
  const share = { hold: (bytes: number) => held.push(bytes) < 2 }
  const outcome = await takeStream(deps(settled, 10_000), 'acme', chunks(), { ...roomy, share })
  expect(outcome).toMatchObject({ kind: 'problem', problem: { code: 'overloaded' } })
  expect([held.length, held[1]! > held[0]!, held[0]! >= 12, durable]).toEqual([2, true, true, 1])
})

test.each([
  { rule: 'at once', told: (isLetIn: boolean) => isLetIn },
  { rule: 'later', told: (isLetIn: boolean) => Promise.resolve(isLetIn) },
])(
  'nothing more of a stream is taken once its key is over, which is told $rule; what came before is',
  async ({ told }) => {
    let taken = 0
    async function* chunks() {
      for (let read = 0; read < 5; read += 1) yield line
    }
    const durable = async () => void (taken += 1)
    const outcome = await takeStream(deps(durable, 1_000), 'acme', chunks(), {
      ...roomy,
      isStillLetIn: () => told(taken < 2),
    })
    expect(outcome).toMatchObject({ kind: 'problem', problem: { code: 'unauthorized' } })
    expect(taken).toBe(2)
  },
)

test('where it cannot be told whether a key is over, what came before is durable when the stream fails', async () => {
  let durable = 0
  async function* chunks() {
    for (let read = 0; read < 5; read += 1) yield line
  }
  const settled = async () => {
    await setImmediate()
    durable += 1
  }
  let asked = 0
  const outcome = takeStream(deps(settled, 1_000), 'acme', chunks(), {
    ...roomy,
    isStillLetIn: async () => {
      asked += 1
      if (asked > 2) throw new Error('nobody can tell')
      return true
    },
  })
  await expect(outcome).rejects.toThrow('nobody can tell')
  expect(durable).toBe(2)
})
