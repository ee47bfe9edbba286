import assert from 'node:assert/strict'

/** What Redis answers to a command sent for buffers. A shape that the command cannot have is a bug. */
export function bytesOf(reply: unknown): Buffer {
  assert.ok(Buffer.isBuffer(reply), 'Redis did not answer with bytes')
  return reply
}

export function listOf(reply: unknown): readonly unknown[] {
  assert.ok(Array.isArray(reply), 'Redis did not answer with a list')
  return reply
}

export const textOf = (reply: unknown): string => bytesOf(reply).toString()

/** An integer, as Redis's own type or as digits. */
export function numberOf(reply: unknown): number {
  const value = typeof reply === 'number' ? reply : Number(textOf(reply))
  assert.ok(Number.isSafeInteger(value), `Redis did not answer with an integer but ${value}`)
  return value
}

export const valueOf = (reply: unknown): Buffer | null => (reply === null ? null : bytesOf(reply))

/** A copy: the client answers with a piece of what it read of its socket at once, all of which somebody who holds the piece would hold. */
export const ownValueOf = (reply: unknown): Uint8Array | null =>
  reply === null ? null : new Uint8Array(bytesOf(reply))

/** `[a, b, c, d]` → `[[a, b], [c, d]]` */
export function pairsOf(reply: unknown): (readonly [Buffer, Buffer])[] {
  const flat = listOf(reply)
  const pairs: (readonly [Buffer, Buffer])[] = []
  for (let i = 0; i < flat.length; i += 2) pairs.push([bytesOf(flat[i]), bytesOf(flat[i + 1])])
  return pairs
}

export type StreamEntry = { readonly id: string; readonly fields: ReadonlyMap<string, Buffer> }

/** An entry of a stream: `[id, [name, value, …]]`. */
export function streamEntryOf(reply: unknown): StreamEntry {
  const [id, fields] = listOf(reply)
  return {
    id: textOf(id),
    fields: new Map(pairsOf(fields).map(([name, value]) => [name.toString(), value])),
  }
}

export function fieldOf(entry: StreamEntry, name: string): Buffer {
  const value = entry.fields.get(name)
  assert.ok(value, `stream entry ${entry.id} has no field ${name}`)
  return value
}
