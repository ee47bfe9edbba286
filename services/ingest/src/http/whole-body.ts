import type { Readable } from 'node:stream'
import { refuse } from '@deskpulse/runtime'
import { pieceBytes } from '../intake/lines.ts'
import type { Share } from './admission.ts'

export type WholeBodyOptions = {
  readonly share: Share
  readonly bytesMax: number
  /** As `Content-Length` says. */
  readonly declaredBytes: number
  /** What to do about one that is too large. */
  readonly advice?: string
  /** How long it may take to come. */
  readonly withinMs?: number
}

/** A minute for 16 MiB is 2.3 Mbit/s. */
const withinDefaultMs = 60_000

/**
 * A body that is read before anything of it is taken in; what has come of it counts as the request's share.
 * Listens to the stream itself: an iterator of it costs as much as judging the event that most bodies hold.
 * @throws Refused too-large, overloaded, request-timeout; the stream's error when it ends before its end.
 */
export function wholeBody(body: Readable, options: WholeBodyOptions): Promise<Buffer> {
  const { share, bytesMax, declaredBytes, withinMs = withinDefaultMs } = options
  const { advice = 'send smaller arrays, or NDJSON' } = options
  const tooLarge = (): never => refuse('too-large', `the body is too large; ${advice}`)
  const endMs = performance.now() + withinMs
  const chunks: Buffer[] = []
  let length = 0

  function take(chunk: Buffer): void {
    chunks.push(chunk)
    length += chunk.length
    if (length > bytesMax) tooLarge()
    if (!share.hold(length + chunks.length * pieceBytes))
      refuse('overloaded', 'too many bytes of requests are under way')
    if (performance.now() > endMs)
      refuse('request-timeout', `the body did not come within ${withinMs / 1_000} s`)
  }

  return new Promise((resolve, reject) => {
    if (declaredBytes > bytesMax) tooLarge()
    const listen = (chunk: Buffer): void => {
      try {
        take(chunk)
      } catch (error) {
        fail(error as Error)
      }
    }
    function fail(error: Error): void {
      body.off('data', listen).pause() // What else comes is not read.
      reject(error)
    }
    body.on('data', listen)
    body.once('error', fail)
    body.once('end', () =>
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)),
    )
    body.once('close', () => body.readableEnded || fail(endedEarly()))
  })
}

/** As Node's own readers of streams say it. */
const endedEarly = (): Error =>
  Object.assign(new Error('the body ended before its end'), { code: 'ERR_STREAM_PREMATURE_CLOSE' })
