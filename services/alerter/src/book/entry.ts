import { alertIdOf, encodeAlertRecord } from '@deskpulse/contract'
import type { AlertTransition } from '@deskpulse/core/alerts'
import type { OutboxEntry } from '@deskpulse/stream'

/** The same transition has the same id, however often it is decided. */
export function entryOf(transition: AlertTransition, topic: string): OutboxEntry {
  return {
    id: `${alertIdOf(transition)}/${transition.status}`,
    topic,
    key: transition.tenant,
    bytes: encodeAlertRecord({ kind: 'transition', transition }),
  }
}
