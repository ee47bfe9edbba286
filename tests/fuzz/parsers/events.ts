import { decodeEvent, encodeEvent, parseEventBytes, refusalCodes } from '@deskpulse/contract'
import { wireEventArbitrary } from '@deskpulse/contract/testing'
import { eventTypes } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import type { LogRecord, Offset, PartitionId } from '@deskpulse/stream'
import fc from 'fast-check'
import { intake, type Taken } from '../../../services/ingest/src/intake/intake.ts'
import { type Line, lineCutter } from '../../../services/ingest/src/intake/lines.ts'
import { noMetrics } from '../../../services/ingest/src/intake/metrics.ts'
import { splitArray } from '../../../services/ingest/src/intake/split-array.ts'
import { tenantDirectory } from '../../../services/ingest/src/intake/tenants.ts'
import { takeRecord } from '../../../services/ingest/src/raw/record.ts'
import { type Making, mutatedBytes, mutatedJson, mutatedText } from '../mutation.ts'
import { type Outcome, type Parser, parserOf, refused, taken } from '../parser.ts'

export const tenant = 'acme'
export const nowMs = Date.parse('2026-03-02T01:00:30.000Z') as EpochMs
const perType = { numRuns: 3, seed: 1 }

const time = '2026-03-02T01:00:27.017Z'

/** A few events of each type that there is, all of them of the tenant and not of the future. */
export const events = eventTypes.flatMap((type) =>
  fc.sample(wireEventArbitrary(type), perType).map((event) => ({ ...event, tenant, time })),
)

const codes = Object.keys(refusalCodes)

/** What is accepted goes into the log, and is read there again as it was. */
function readAgain(bytes: Uint8Array): Outcome {
  const parsed = parseEventBytes(bytes, { tenant, nowMs })
  if (!parsed.ok) return refused(parsed.code)
  const again = encodeEvent(decodeEvent(encodeEvent(parsed.event), tenant))
  if (!encodeEvent(parsed.event).every((byte, n) => byte === again[n]))
    throw new Error('another event is read in the log')
  return taken(parsed.event)
}

const event = parserOf({
  name: 'an event',
  share: 60,
  make: mutatedJson(events),
  read: readAgain,
  codes,
})

const array = (random: Parameters<Making<Buffer>>[0]): Buffer =>
  Buffer.from(JSON.stringify([0, 1, 2].map(() => random.pick(events))))

/** `null`: it is none. */
function parsedArray(bytes: Uint8Array): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString())
    return Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

const batches = mutatedBytes(
  Array.from({ length: 40 }, (_, n) => JSON.stringify(events.slice(3 * n, 3 * n + 3))),
)

const batch = parserOf({
  name: 'an array of events',
  make: (random) => (random.chance(0.1) ? array(random) : batches(random)),
  read(bytes) {
    const elements = splitArray(bytes)
    const values = parsedArray(bytes)
    if (values !== null && elements?.length !== values.length)
      throw new Error(`${values.length} elements are cut into ${elements?.length}`)
    return elements === null ? refused('not-json') : taken(elements.map(readAgain))
  },
  codes,
})

const textOfLine = (line: Line): string =>
  Buffer.from(line.kind === 'line' ? line.bytes : line.original.bytes).toString('latin1')

const lines = parserOf({
  name: 'lines of events, in pieces',
  make: mutatedText(
    Array.from({ length: 40 }, (_, n) =>
      events
        .slice(3 * n, 3 * n + 3)
        .map((one) => JSON.stringify(one))
        .join('\n'),
    ),
  ),
  read(text) {
    const bytes = Buffer.from(text)
    const cutter = lineCutter()
    const cut: string[] = []
    const pieceBytes = 1 + (bytes.length % 97)
    for (let at = 0; at < bytes.length; at += pieceBytes)
      cut.push(...cutter.push(bytes.subarray(at, at + pieceBytes)).map(textOfLine))
    cut.push(...cutter.end().map(textOfLine))
    const whole = bytes
      .toString('latin1')
      .split('\n')
      .filter((line) => !/^[ \t\r]*$/.test(line))
    if (cut.join('\n') !== whole.join('\n')) throw new Error('the pieces make other lines')
    return taken(null)
  },
  codes,
})

const durable = Promise.resolve()
const door = intake({
  writer: { append: () => durable },
  deadLetters: { write: () => durable },
  tenants: tenantDirectory({ tenants: { [tenant]: {} as never } }, null),
  keysOf: () => ({ key: 'a key of the tenant', previous: [] }),
  metrics: noMetrics,
  nowMs: () => nowMs,
  onAccepted: () => {},
})

const codeOf = (one: Taken): string | null => (one.ok ? null : one.refusal.code)

const headers = ['connector', 'tenant', 'customers', 'deskpulse-tenant', '__proto__']
const headerText = mutatedText(['zendesk', 'acme', 'pseudonyms', 'globex'])
const values: Making<Buffer> = mutatedJson([...events.slice(0, 60), events.slice(0, 3)])

const rawRecord = parserOf({
  name: 'a record of the raw topic',
  share: 15,
  make: (random): LogRecord => ({
    ...{ key: null, offset: 0 as Offset, appendedAtMs: nowMs },
    ...({ partition: 0 as PartitionId } as object),
    value: random.chance(0.05) ? null : values(random),
    headers: Object.fromEntries(
      headers.filter(() => random.chance(0.1)).map((name) => [name, headerText(random)]),
    ),
  }),
  read(record) {
    const found = takeRecord(door, record).map((one) => codeOf(one.taken))
    const strange = found.find((code) => code !== null && !codes.includes(code))
    if (strange !== undefined) return refused(String(strange))
    return refusedAll(found) ?? taken(null)
  },
  codes,
})

function refusedAll(found: readonly (string | null)[]): Outcome | null {
  const [first] = found
  return typeof first === 'string' && !found.includes(null) ? refused(first) : null
}

export const eventParsers: readonly Parser[] = [event, batch, lines, rawRecord]
