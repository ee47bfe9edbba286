import type { EpochMs } from '@deskpulse/core/time'
import type { LogRecord, Offset } from '@deskpulse/stream'
import type { IHeaders } from 'kafkajs'

/** A message as KafkaJS gives it; key and value are views of the whole fetch response. */
export type FetchedMessage = {
  readonly offset: string
  readonly timestamp: string
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers?: IHeaders
}

const noHeaders: Readonly<Record<string, string>> = Object.freeze({})

/** Copies the bytes out, one block for all, so that a kept record keeps no fetch response (which may be megabytes) with it. */
export function toRecords(messages: readonly FetchedMessage[]): LogRecord[] {
  const bytes = new Uint8Array(
    messages.reduce((sum, { key, value }) => sum + (key?.length ?? 0) + (value?.length ?? 0), 0),
  )
  let end = 0
  const copy = (part: Buffer | null): Uint8Array | null => {
    if (!part) return null
    bytes.set(part, end)
    end += part.length
    return bytes.subarray(end - part.length, end)
  }
  return messages.map(({ offset, timestamp, key, value, headers }) => ({
    offset: Number(offset) as Offset,
    appendedAtMs: Number(timestamp) as EpochMs,
    key: copy(key),
    value: copy(value),
    headers: toHeaders(headers),
  }))
}

/** Of a header that is there several times, the last. */
function toHeaders(headers: IHeaders = {}): Readonly<Record<string, string>> {
  const entries = Object.entries(headers)
  if (entries.length === 0) return noHeaders
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      String((Array.isArray(value) ? value.at(-1) : value) ?? ''),
    ]),
  )
}
