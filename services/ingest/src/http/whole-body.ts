import { refuse } from '@deskpulse/runtime'
import { pieceBytes } from '../intake/lines.ts'
import type { Share } from './admission.ts'

export type WholeBodyOptions = {
  readonly share: Share
  readonly bytesMax: number
  /** As `Content-Length` says. */
  readonly declaredBytes: number
  /** How long it may take to come. */
  readonly withinMs?: number
}

/** A minute for 16 MiB is 2.3 Mbit/s. */
const withinDefaultMs = 60_000

/**
 * A body that is read before anything of it is taken in; what has come of it counts as the request's share.
 * @throws Refused too-large, overloaded, request-timeout.
 */
export async function wholeBody(body: AsyncIterable<Buffer>, options: WholeBodyOptions): Promise<Buffer> {
  const { share, bytesMax, declaredBytes, withinMs = withinDefaultMs } = options
  const tooLarge = (): never => refuse('too-large', 'the body is too large; send smaller arrays, or NDJSON')
  if (declaredBytes > bytesMax) tooLarge()
  const endMs = performance.now() + withinMs
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    length += chunk.length
    if (length > bytesMax) tooLarge()
    if (!share.hold(length + chunks.length * pieceBytes)) refuse('overloaded', 'too many bytes of requests are under way')
    if (performance.now() > endMs) refuse('request-timeout', `the body did not come within ${withinMs / 1_000} s`)
  }
  return Buffer.concat(chunks, length)
}
