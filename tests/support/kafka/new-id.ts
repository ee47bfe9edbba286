import { randomBytes } from 'node:crypto'

/** An id as Kafka makes them: 16 bytes in URL-safe base64. None begins with `-`, which its tools take for an option. */
export function newKafkaId(random: () => Uint8Array = () => randomBytes(16)): string {
  for (;;) {
    const id = Buffer.from(random()).toString('base64url')
    if (!id.startsWith('-')) return id
  }
}
