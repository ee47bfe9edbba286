import type { OutRequest } from '../channels/channel.ts'
import { exchange } from './exchange.ts'
import { type Guard, guardOf } from './guard.ts'
import { type Resolve, resolveTarget, systemResolve } from './resolve.ts'
import type { Sender, SendFailure, Sent } from './sender.ts'
import { targetOf } from './target.ts'
import { wordOf } from './words.ts'

export type SenderOptions = {
  /** Also loopback, private, link-local and other special addresses. */
  readonly allowPrivateAddresses: boolean
  /** Name, connection and TLS. */
  readonly connectTimeoutMs?: number
  /** From the first look-up to the last byte. */
  readonly totalTimeoutMs?: number
  readonly answerBytesMax?: number
  readonly headerBytesMax?: number
  readonly resolve?: Resolve
  /** PEM: certificates to trust instead of the well-known ones. */
  readonly ca?: string
}

export const sendingLimits = {
  connectTimeoutMs: 5_000,
  totalTimeoutMs: 10_000,
  answerBytesMax: 64 * 1024,
  headerBytesMax: 16 * 1024,
} as const

/** Opens nothing until something is sent. `close` ends what is under way as `stopped`; what is sent afterwards is `stopped` too. */
export function openSender(options: SenderOptions): Sender {
  return openGuardedSender(guardOf(options.allowPrivateAddresses), options)
}

/** With a guard of one's own. */
export function openGuardedSender(
  guard: Guard,
  options: Omit<SenderOptions, 'allowPrivateAddresses'>,
): Sender {
  const closing = new AbortController()
  const underWay = new Set<Promise<Sent>>()
  return {
    async send(request, signal) {
      const sending = sendOnce(guard, options, request, [signal, closing.signal])
      underWay.add(sending)
      return sending.finally(() => underWay.delete(sending))
    },
    async close() {
      closing.abort()
      await Promise.all(underWay)
    },
  }
}

async function sendOnce(
  guard: Guard,
  options: Omit<SenderOptions, 'allowPrivateAddresses'>,
  request: OutRequest,
  signals: readonly AbortSignal[],
): Promise<Sent> {
  const targeted = targetOf(request.url, guard)
  if (!targeted.ok) return failed('address-refused', targeted.detail)
  const { target } = targeted
  const limits = { ...sendingLimits, ...options }
  const ending = openEnding(limits, signals)
  try {
    if (ending.signal.aborted) return ending.signal.reason as Sent
    const resolved = await Promise.race([
      resolveTarget(target, guard, options.resolve ?? systemResolve),
      ending.ended,
    ])
    if ('kind' in resolved) return resolved
    if (!resolved.ok) return resolved.sent
    const { addresses } = resolved
    return await exchange({
      ...limits,
      ca: options.ca,
      target,
      addresses,
      request,
      cut: ending.signal,
      connected: ending.connected,
    })
  } catch (error) {
    return failed('connection-failed', wordOf(error)) // A request that node:http refuses to write.
  } finally {
    ending.close()
  }
}

/** What ends an exchange from outside: its deadlines and its signals. The reason of `signal` is what is then `Sent`. */
function openEnding(
  limits: { readonly connectTimeoutMs: number; readonly totalTimeoutMs: number },
  signals: readonly AbortSignal[],
) {
  const cut = new AbortController()
  const stop = (): void => cut.abort(failed('stopped', 'the sender stops'))
  const connecting = setTimeout(
    () => cut.abort(failed('timed-out', `no connection within ${limits.connectTimeoutMs} ms`)),
    limits.connectTimeoutMs,
  )
  const total = setTimeout(
    () => cut.abort(failed('timed-out', `no answer within ${limits.totalTimeoutMs} ms`)),
    limits.totalTimeoutMs,
  )
  const ended = new Promise<Sent>((resolve) =>
    cut.signal.addEventListener('abort', () => resolve(cut.signal.reason as Sent), { once: true }),
  )
  for (const signal of signals) signal.addEventListener('abort', stop, { once: true })
  if (signals.some((signal) => signal.aborted)) stop()
  return {
    signal: cut.signal,
    ended,
    connected: () => clearTimeout(connecting),
    close(): void {
      clearTimeout(connecting)
      clearTimeout(total)
      for (const signal of signals) signal.removeEventListener('abort', stop)
    },
  }
}

function failed(reason: SendFailure, detail: string): Sent {
  return { kind: 'failed', reason, detail }
}
