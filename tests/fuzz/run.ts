import { inspect } from 'node:util'
import { createRandom } from '../../services/cli/src/simulate/random.ts'
import type { Outcome, Parser, Reading } from './parser.ts'

/** Processor time that one input may take, of at most 64 KiB: many times what the longest takes. */
const readMsMax = 500
const depthMax = 100

export type Figures = {
  readonly name: string
  readonly inputs: number
  readonly taken: number
  /** How many were refused with each code. */
  readonly refused: ReadonlyMap<string, number>
  /** Processor time of the input that took the longest, in ms. */
  readonly longestMs: number
}

const ownKeys = (): string =>
  [Object, Array, Function, String, Number, Map, Uint8Array]
    .map(({ prototype }) => Reflect.ownKeys(prototype as object).length)
    .join()
const clean = ownKeys()

const plain = new Set<unknown>([null, Object.prototype, Array.prototype])

/** An object whose prototype an input has replaced; `null`: there is none. */
function replacedPrototype(value: unknown, depth = 0): object | null {
  if (typeof value !== 'object' || value === null || depth > depthMax) return null
  const prototype: unknown = Object.getPrototypeOf(value)
  if (!plain.has(prototype)) return Object.hasOwn(prototype as object, 'constructor') ? null : value
  for (const part of Object.values(value)) {
    const found = replacedPrototype(part, depth + 1)
    if (found !== null) return found
  }
  return null
}

function faultOf(outcome: Outcome, { codes }: Parser, ms: number): string | null {
  if (ms > readMsMax) return `took ${ms.toFixed(0)} ms`
  if (ownKeys() !== clean) return 'changed a prototype of the language'
  if ('refused' in outcome)
    return codes.has(outcome.refused) ? null : `has no code of ours: ${outcome.refused}`
  return replacedPrototype(outcome.taken) === null ? null : 'has a prototype of the input'
}

const shown = (input: unknown): string =>
  Buffer.isBuffer(input)
    ? `Buffer.from('${input.toString('base64')}', 'base64')`
    : inspect(input, { depth: 20, maxStringLength: 20_000, breakLength: 200 })

async function outcomeOf(name: string, number: number, reading: Reading): Promise<Outcome> {
  try {
    const outcome = reading.read()
    return outcome instanceof Promise ? await outcome : outcome
  } catch (error) {
    throw new Error(`${name}, input ${number}, threw: ${shown(reading.input)}`, { cause: error })
  }
}

const processorMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/** Gives a parser `count` inputs; the same seed makes the same ones. @throws with the first input that is not read as it must be */
export async function fuzz(parser: Parser, count: number, seed: number): Promise<Figures> {
  const random = createRandom(seed)
  const refusedBy = new Map<string, number>()
  let takenCount = 0
  let longestMs = 0
  for (let number = 0; number < count; number += 1) {
    const reading = parser.next(random)
    const beganMs = processorMs()
    const outcome = await outcomeOf(parser.name, number, reading)
    const ms = processorMs() - beganMs
    longestMs = Math.max(longestMs, ms)
    const fault = faultOf(outcome, parser, ms)
    if (fault !== null)
      throw new Error(`${parser.name}, input ${number}, ${fault}: ${shown(reading.input)}`)
    if ('taken' in outcome) takenCount += 1
    else refusedBy.set(outcome.refused, (refusedBy.get(outcome.refused) ?? 0) + 1)
  }
  return { name: parser.name, inputs: count, taken: takenCount, refused: refusedBy, longestMs }
}

/** How many of `count` inputs each parser gets, by their shares. */
export function sharesOf(parsers: readonly Parser[], count: number): ReadonlyMap<Parser, number> {
  const sum = parsers.reduce((so, { share }) => so + share, 0)
  return new Map(parsers.map((parser) => [parser, Math.ceil((count * parser.share) / sum)]))
}
