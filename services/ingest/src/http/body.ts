import { eventLimits, type Problem, problemOf } from '@deskpulse/contract'
import { type Intake, weightOf } from '../intake/intake.ts'
import { lineCutter, type Line } from '../intake/lines.ts'
import { pending, type Room } from '../intake/pending.ts'
import { firstByte, splitArray } from '../intake/split-array.ts'
import type { Share } from './admission.ts'
import { type Tally, tally } from './tally.ts'

export type BodyDeps = {
  readonly intake: Intake
  readonly room: Room
  readonly nowMs: () => number
}
/** Of the request that a stream comes with. */
export type StreamOf = {
  readonly share: Pick<Share, 'hold'>
  readonly isStillLetIn: () => boolean | Promise<boolean>
}
export type BodyOutcome =
  | { readonly kind: 'taken'; readonly tally: Tally }
  | { readonly kind: 'problem'; readonly problem: Problem }

const openBracket = 0x5b

function elementsOf(body: Uint8Array): readonly Uint8Array[] | Problem {
  const first = firstByte(body)
  if (first === undefined) return problemOf('no-events', 'the body is empty')
  if (first !== openBracket) return [body]
  const elements = splitArray(body)
  if (elements === null) return [body] // Refused as a whole: it is no JSON.
  if (elements.length === 0) return problemOf('no-events', 'the array is empty')
  const most = eventLimits.arrayEventsMax
  return elements.length <= most
    ? elements
    : problemOf('too-many-events', `${elements.length} events; send at most ${most}, or NDJSON`)
}

/** One event or an array. @throws the log's error when something is not durable. */
export async function takeBody(
  deps: BodyDeps,
  tenant: string,
  body: Uint8Array,
): Promise<BodyOutcome> {
  const elements = elementsOf(body)
  if ('code' in elements) return { kind: 'problem', problem: elements }
  const seen = tally()
  await takeElements(deps, tenant, elements, seen)
  return { kind: 'taken', tally: seen }
}

/** Each of them an event, or refused. @throws the log's error when something is not durable. */
export async function takeElements(
  deps: BodyDeps,
  tenant: string,
  elements: readonly Uint8Array[],
  seen: Tally,
): Promise<void> {
  const underWay = pending(deps.room)
  for (const bytes of elements) {
    const full = deps.room.wait()
    if (full !== null) await full
    if (underWay.failure() !== null) break
    const taken = deps.intake.take(bytes, { tenant, nowMs: deps.nowMs() })
    seen.add(taken)
    underWay.add(taken.durable, weightOf(taken, bytes.length))
  }
  await underWay.settled()
}

/** NDJSON of any length: reads on only while there is room, and while who sends it may. @throws the log's error, the stream's when the client goes away, or that of asking whether who sends it may. */
export async function takeStream(
  deps: BodyDeps,
  tenant: string,
  stream: AsyncIterable<Uint8Array>,
  { share, isStillLetIn }: StreamOf,
): Promise<BodyOutcome> {
  const seen = tally()
  const underWay = pending(deps.room)
  const cutter = lineCutter()

  function takeLine(line: Line, nowMs: number): void {
    const length = line.kind === 'line' ? line.bytes.length : line.original.bytes.length
    const taken =
      line.kind === 'line'
        ? deps.intake.take(line.bytes, { tenant, nowMs })
        : deps.intake.refuse(line.original, tooLong(line.length), tenant)
    seen.add(taken)
    underWay.add(taken.durable, weightOf(taken, length))
  }

  try {
    for await (const chunk of stream) {
      const letIn = isStillLetIn()
      // Waiting costs each chunk a turn: only where somebody has to be asked.
      if (!(typeof letIn === 'boolean' ? letIn : await letIn))
        return { kind: 'problem', problem: keyIsOver }
      const nowMs = deps.nowMs()
      for (const line of cutter.push(chunk)) takeLine(line, nowMs)
      if (!share.hold(cutter.held()))
        return {
          kind: 'problem',
          problem: problemOf('overloaded', 'too many bytes of requests are under way'),
        }
      await deps.room.wait()
      if (underWay.failure() !== null) break
    }
    for (const line of cutter.end()) takeLine(line, deps.nowMs())
  } finally {
    await underWay.settled()
  }
  if (seen.seen === 0)
    return { kind: 'problem', problem: problemOf('no-events', 'the stream has no line') }
  return { kind: 'taken', tally: seen }
}

const keyIsOver = problemOf(
  'unauthorized',
  'the key or session is over; what came of the stream before was taken in',
)

function tooLong(length: number) {
  return {
    code: 'too-large',
    path: '',
    expected: `at most ${eventLimits.eventBytesMax} bytes`,
    got: `${length} bytes`,
  } as const
}
