import type { EventLog, LogRecord, Offset, PartitionId, StateStore } from '@deskpulse/stream'
import { outboxIdHeader, type Position, type Wake } from '@deskpulse/stream'
import type { Installation } from './installation.ts'

/** Names of what was committed to a partition. */
export type Names = { readonly records: Set<string>; readonly hashes: Set<string> }

/** A record of a topic that others read. */
export type Message = {
  readonly topic: string
  readonly key: string
  readonly id: string
  readonly value: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

/** What a fold leaves of a partition: all that is stored, and all that it told. */
export type Left = {
  readonly position: Pick<Position, 'offset' | 'logTimeMs' | 'watermarkMs'>
  readonly records: ReadonlyMap<string, Uint8Array>
  readonly hashes: ReadonlyMap<string, ReadonlyMap<string, Uint8Array>>
  readonly wakes: readonly Wake[]
  /** Of each topic in order. */
  readonly messages: readonly Message[]
}

const keysPerRead = 2_000
const pageRecords = 5_000

/** Reads it as every reader does. */
export async function leftIn(
  installation: Installation,
  names: readonly Names[],
): Promise<readonly Left[]> {
  await using opened = new AsyncDisposableStack()
  const { log, store } = await installation.open()
  opened.defer(() => store.close())
  opened.defer(() => log.close())
  const messages = await messagesIn(log, installation)
  const left: Left[] = []
  for (const [partition, own] of names.entries()) {
    const stored = await storedIn(store, partition as PartitionId, own)
    const ofPartition = messages.filter(({ id }) => id.startsWith(`${partition}-`))
    left.push({ ...stored, messages: ofPartition })
  }
  return left
}

async function storedIn(
  store: StateStore,
  partition: PartitionId,
  names: Names,
): Promise<Omit<Left, 'messages'>> {
  const records = new Map<string, Uint8Array>()
  const keys = [...names.records]
  for (let at = 0; at < keys.length; at += keysPerRead) {
    const some = keys.slice(at, at + keysPerRead)
    const { values } = await store.read(partition, { keys: some })
    for (const [place, key] of some.entries()) if (values[place]) records.set(key, values[place])
  }
  const hashes = new Map<string, ReadonlyMap<string, Uint8Array>>()
  const asked = [...names.hashes].map((key) => ({ key, fields: null }))
  const read = await store.read(partition, { keys: [], hashes: asked })
  for (const [place, { key }] of asked.entries())
    hashes.set(key, new Map([...read.hashes[place]!.fields].filter(isThere)))
  const due = { upToMs: Number.MAX_SAFE_INTEGER as Wake['atMs'], limit: 1_000_000 }
  const { wakes } = await store.load(partition, [], due)
  const { offset, logTimeMs, watermarkMs } = read
  return { position: { offset, logTimeMs, watermarkMs }, records, hashes, wakes }
}

const isThere = (field: readonly [string, Uint8Array | null]): field is [string, Uint8Array] =>
  field[1] !== null

/** What a repeat says is what was said first, to the last bit, and is left out. */
async function messagesIn(log: EventLog, { topics }: Installation): Promise<Message[]> {
  const messages = new Map<string, Message>()
  for (const topic of ['closed', 'alerts', 'deadLetter'] as const)
    for await (const record of recordsOf(log, topics[topic])) {
      const message = messageOf(topic, record)
      const name = `${topic} ${message.id}`
      const before = messages.get(name)
      if (before !== undefined && JSON.stringify(before) !== JSON.stringify(message))
        throw new Error(`two messages of one id: ${name}`)
      messages.set(name, before ?? message)
    }
  return [...messages.values()]
}

function messageOf(topic: string, { key, value, headers }: LogRecord): Message {
  return {
    topic,
    key: Buffer.from(key ?? '').toString(),
    id: headers[outboxIdHeader] ?? '',
    value: value ?? new Uint8Array(0),
    headers,
  }
}

async function* recordsOf(log: EventLog, topic: string): AsyncGenerator<LogRecord> {
  const partitions = await log.partitionCount(topic)
  for (let partition = 0; partition < partitions; partition += 1)
    for (let from = 0 as Offset; ;) {
      const page = await log.read(topic, partition as PartitionId, from, pageRecords)
      if (page.length === 0) break
      yield* page
      from = (page.at(-1)!.offset + 1) as Offset
    }
}
