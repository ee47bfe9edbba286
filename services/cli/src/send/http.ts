import type { Clock } from '../clock.ts'
import { CommandFailure, reasonOf } from '../command-line/failure.ts'
import { tenantAddress } from '../command-line/values.ts'
import { answerOf, type Answer } from './http-answer.ts'
import { added, type SendResult, type Sender, TenantRefused } from './sender.ts'

export const httpLimits = {
  batchMax: 1_000,
  answerMs: 60_000,
  retryForMs: 120_000,
  reconnectMs: 500,
} as const

export type HttpOptions = {
  /** Of the server, e.g. `http://127.0.0.1:8080`; a path before `/v1` is kept. */
  readonly url: string
  readonly tenant: string
  readonly clock: Clock
  /** Of every request, beside its own. */
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Posts NDJSON to ingest, one request at a time. 429 and 503 are waited out as Retry-After says; a lost connection is tried again (sending the
 * same events twice is harmless), but a server that never answered is an error at once.
 */
export function httpSender({ url, tenant, clock, headers = {} }: HttpOptions): Sender {
  const endpoint = tenantAddress(url, tenant, 'events')
  let everAnswered = false

  async function send(lines: readonly string[], signal: AbortSignal): Promise<SendResult> {
    const answer = await patientPost(lines, signal)
    if (answer.kind === 'taken') return answer.result
    const middle = Math.ceil(lines.length / 2)
    return added(
      await send(lines.slice(0, middle), signal),
      await send(lines.slice(middle), signal),
    )
  }

  async function patientPost(
    lines: readonly string[],
    signal: AbortSignal,
  ): Promise<Extract<Answer, { kind: 'taken' | 'halve' }>> {
    const giveUpAtMs = clock.nowMs() + httpLimits.retryForMs
    for (;;) {
      const answer = await post(lines)
      if (answer.kind === 'taken' || answer.kind === 'halve') return answer
      if (signal.aborted)
        throw new CommandFailure(`interrupted; the last batch did not arrive: ${answer.reason}`)
      if (answer.kind === 'failed') throw failureOf(answer)
      if (clock.nowMs() + answer.afterMs > giveUpAtMs)
        throw new CommandFailure(`gave up on ${endpoint}: ${answer.reason}`)
      await clock.sleep(answer.afterMs, signal)
    }
  }

  function failureOf({ reason, tenantCode }: Extract<Answer, { kind: 'failed' }>): CommandFailure {
    const message = `${endpoint} refused the batch: ${reason}`
    return tenantCode === undefined
      ? new CommandFailure(message)
      : new TenantRefused(message, tenantCode)
  }

  async function post(lines: readonly string[]): Promise<Answer> {
    try {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/x-ndjson', accept: 'application/json' },
        body: lines.join('\n') + '\n',
        signal: AbortSignal.timeout(httpLimits.answerMs), // An interruption lets the batch under way finish.
      })
      const body = await response.text()
      everAnswered = true
      return answerOf(
        response.status,
        response.headers.get('retry-after'),
        body,
        lines.length,
        clock.nowMs(),
      )
    } catch (error) {
      if (!everAnswered)
        throw new CommandFailure(`no server answers at ${endpoint}: ${reasonOf(error)}`, {
          cause: error,
        })
      return { kind: 'again', afterMs: httpLimits.reconnectMs, reason: reasonOf(error) }
    }
  }

  return {
    target: endpoint,
    batchMax: httpLimits.batchMax,
    tellsRefusals: true,
    send,
    close: async () => {},
  }
}
