import type { EpochMs } from '@deskpulse/core/time'
import { ByteReader, ByteWriter, Malformed } from '@deskpulse/stream'
import type { Offset, PartitionId, Position } from '@deskpulse/stream'

/** A commit as readers are told of it: ids are those of its partition's feed, and what it changed is in the form of `encodeChanged`. */
export type Told = Position & {
  readonly partition: PartitionId
  readonly previous: string
  readonly id: string
  readonly changed: Uint8Array
}

/** Commits of one generation, which one message tells. */
export type Message = { readonly generation: string; readonly commits: readonly Told[] }

const version = 1

/** The version, the generation, how many commits, and of each: partition, ids, offset, log time, watermark, and what it changed. */
export function encodeMessage({ generation, commits }: Message): Uint8Array {
  const into = new ByteWriter()
  into.byte(version)
  into.text(generation)
  into.varint(commits.length)
  for (const { partition, previous, id, offset, logTimeMs, watermarkMs, changed } of commits) {
    into.varint(partition)
    for (const one of [previous, id]) for (const part of partsOf(one)) into.varint(part)
    for (const number of [offset, logTimeMs, watermarkMs]) into.varint(number)
    into.run(changed)
  }
  return into.take()
}

/** `null`: these bytes are no message that this version can read. */
export function decodeMessage(bytes: Uint8Array): Message | null {
  const reader = new ByteReader(bytes)
  try {
    if (reader.byte() !== version) return null
    const generation = reader.text()
    const commits: Told[] = []
    for (let left = reader.count(); left > 0; left--) commits.push(readCommit(reader))
    reader.end()
    return { generation, commits }
  } catch (error) {
    if (error instanceof Malformed) return null
    throw error
  }
}

function readCommit(reader: ByteReader): Told {
  const partition = reader.varint() as PartitionId
  const [previous, id] = [readId(reader), readId(reader)]
  const [offset, logTimeMs, watermarkMs] = [
    reader.varint() as Offset,
    reader.varint() as EpochMs,
    reader.varint() as EpochMs,
  ]
  return { partition, previous, id, offset, logTimeMs, watermarkMs, changed: reader.run() }
}

/** An id of a stream: an instant, and a number among those of that instant. */
const partsOf = (id: string): readonly number[] => id.split('-', 2).map(Number)
const readId = (reader: ByteReader): string => `${reader.varint()}-${reader.varint()}`

/** Whether the feed has one id before the other. */
export function isBefore(one: string, other: string): boolean {
  const [[ms = 0, nth = 0], [otherMs = 0, otherNth = 0]] = [partsOf(one), partsOf(other)]
  return ms === otherMs ? nth < otherNth : ms < otherMs
}
