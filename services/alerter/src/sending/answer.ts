import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Answer } from '../channels/channel.ts'
import type { Sent } from './sender.ts'
import { wordOf } from './words.ts'

/**
 * Reads an answer: its body up to `bytesMax`; the rest is not waited for, and whoever asked closes the connection then. A body that breaks off, or that `cut` ends:
 * - after a status that is no success, it is an answer with what came of its body, as the status alone decides;
 * - after a 2xx it is a failure, for the channel must see the body to know whether it was a success. The repeat has the same id.
 */
export function readAnswer(
  incoming: IncomingMessage,
  bytesMax: number,
  cut: AbortSignal,
): Promise<Sent> {
  const { promise, resolve } = Promise.withResolvers<Sent>()
  const chunks: Buffer[] = []
  let bytes = 0
  const answered = (): void =>
    resolve({ kind: 'answered', answer: answerOf(incoming, chunks, bytesMax) })
  const broken = (failure: Sent): void => (isSuccess(incoming) ? resolve(failure) : answered())
  incoming.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes >= bytesMax) answered()
  })
  incoming.on('end', answered)
  incoming.on('error', (error) =>
    broken(cut.aborted ? (cut.reason as Sent) : brokenOff(wordOf(error))),
  )
  incoming.on('close', () =>
    broken(cut.aborted ? (cut.reason as Sent) : brokenOff('closed in the middle')),
  )
  return promise
}

const isSuccess = ({ statusCode = 0 }: IncomingMessage): boolean =>
  statusCode >= 200 && statusCode < 300

function brokenOff(detail: string): Sent {
  return { kind: 'failed', reason: 'answer-broken', detail }
}

function answerOf(incoming: IncomingMessage, chunks: readonly Buffer[], bytesMax: number): Answer {
  return {
    status: incoming.statusCode ?? 0,
    headers: headersOf(incoming.headers),
    body: Buffer.concat(chunks).subarray(0, bytesMax).toString('utf8'),
  }
}

function headersOf(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const pairs = Object.entries(headers).filter(
    (pair): pair is [string, string | string[]] => pair[1] !== undefined,
  )
  return Object.fromEntries(
    pairs.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )
}
