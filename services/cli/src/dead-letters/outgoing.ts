import {
  type DeadLetter,
  identityOf,
  originalOf,
  replayReceiptRecord,
  resending,
} from '@deskpulse/contract'
import type { EventLog, RewritableTopic } from '@deskpulse/stream'
import type { Clock } from '../clock.ts'
import { httpSender } from '../send/http.ts'
import { logSender } from '../send/kafka.ts'
import {
  added,
  allAccepted,
  type SendResult,
  type Sender,
  type TenantCode,
  TenantRefused,
} from '../send/sender.ts'
import type { FoundLetter } from './reading.ts'
import type { Resent } from './resend.ts'

/** Where letters are sent again. */
export type Destination =
  | {
      readonly kind: 'http'
      readonly url: string
      /** Of every request. */
      readonly headers: Readonly<Record<string, string>>
    }
  | { readonly kind: 'raw'; readonly log: EventLog; readonly prefix?: string }

export type Outgoing = {
  /** Sends as soon as a batch is full. */
  add(found: FoundLetter, resent: Resent): Promise<void>
  /** Sends what is left. */
  finish(): Promise<void>
  /** What has become of letters so far, also when one of the others has failed. */
  soFar(): SoFar
}

export type SoFar = {
  readonly result: SendResult
  /** Letters whose tenant the receiver does not take, by its code. */
  readonly notSentByCode: ReadonlyMap<string, number>
}

const batchMax = 1_000
const batchBytesMax = 4 * 1024 * 1024

type Batch = {
  readonly sender: Sender
  readonly lines: string[]
  readonly identities: Set<string>
  bytes: number
}

/** Batches by tenant. Once a batch is sent, a receipt in the topic says so: a letter that comes back is known by it. */
export function outgoing(
  topic: RewritableTopic,
  destination: Destination,
  clock: Clock,
  signal: AbortSignal,
): Outgoing {
  const batches = new Map<string, Batch>()
  const notSentByCode = new Map<string, number>()
  let result = allAccepted(0)

  function batchOf(resent: Resent): Batch {
    const key = JSON.stringify([resent.tenant, resent.customersArePseudonyms])
    const batch = batches.get(key) ?? {
      sender: senderOf(destination, resent, clock),
      lines: [],
      identities: new Set<string>(),
      bytes: 0,
    }
    batches.set(key, batch)
    return batch
  }

  async function send(batch: Batch): Promise<void> {
    if (batch.lines.length === 0) return
    const lines = batch.lines.splice(0)
    const letters = [...batch.identities]
    batch.identities.clear()
    batch.bytes = 0
    const sent = await unlessTenantRefused(() => batch.sender.send(lines, signal))
    if (typeof sent === 'string') {
      notSentByCode.set(sent, (notSentByCode.get(sent) ?? 0) + lines.length)
      return
    }
    result = added(result, sent)
    await topic.append([replayReceiptRecord({ atMs: clock.nowMs(), letters })])
  }

  return {
    async add({ letter }, resent) {
      const batch = batchOf(resent)
      batch.lines.push(resent.line)
      for (const identity of identitiesOf(letter, resent)) batch.identities.add(identity)
      batch.bytes += resent.line.length
      if (batch.lines.length >= batchMax || batch.bytes >= batchBytesMax) await send(batch)
    },
    async finish() {
      for (const batch of batches.values()) await send(batch)
    },
    soFar: () => ({ result, notSentByCode }),
  }
}

/** Its own, and the one with which it comes back: what is sent has no line breaks, or is another form of an entry. */
function identitiesOf(letter: DeadLetter, { line, tenant }: Resent): readonly string[] {
  return [identityOf(letter), identityOf({ original: originalOf(Buffer.from(line)), tenant })]
}

/** One tenant that the receiver does not take says nothing of the others: its code instead of an error. */
async function unlessTenantRefused(
  send: () => Promise<SendResult>,
): Promise<SendResult | TenantCode> {
  try {
    return await send()
  } catch (error) {
    if (error instanceof TenantRefused) return error.code
    throw error
  }
}

function senderOf(
  destination: Destination,
  { tenant, customersArePseudonyms }: Resent,
  clock: Clock,
): Sender {
  const headers: Readonly<Record<string, string>> = customersArePseudonyms
    ? { [resending.customers]: resending.arePseudonyms }
    : {}
  if (destination.kind === 'http') {
    const { url, headers: own } = destination
    return httpSender({ url, tenant: tenant ?? '', clock, headers: { ...own, ...headers } })
  }
  const addressed = tenant === null ? headers : { ...headers, [resending.tenant]: tenant }
  return logSender(destination.log, 'Kafka', destination.prefix, addressed)
}
