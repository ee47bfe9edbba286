import type { OutboxEntry, OutboxId } from '@deskpulse/stream'
import { positionIn } from './positions.ts'
import { fieldOf, listOf, streamEntryOf } from './reply.ts'

export function outboxOf(
  reply: unknown,
  generation: string,
): { position: OutboxId; entry: OutboxEntry }[] {
  return listOf(reply).map((item) => {
    const found = streamEntryOf(item)
    const [id, topic, key, headers] = ['id', 'topic', 'key', 'headers'].map((name) =>
      fieldOf(found, name).toString(),
    )
    const entry = {
      id: id ?? '',
      topic: topic ?? '',
      key: key ?? '',
      bytes: fieldOf(found, 'bytes'),
    }
    return {
      position: positionIn<OutboxId>(generation, found.id),
      entry: headers ? { ...entry, headers: JSON.parse(headers) } : entry,
    }
  })
}
