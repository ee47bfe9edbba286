import type { FastifyInstance } from 'fastify'
import type { WireEvent } from '@deskpulse/contract'
import { systemClock, type Clock } from '@deskpulse/cli'

const retryMs = 1_000

/**
 * Sends simulated events through the server's own route, as any client would, without a socket. While the log does not take them it tries again:
 * the same events twice are harmless.
 * @param key of this process itself
 * @throws Error when events are refused for good, which is a defect of the simulator.
 */
export function simulatedInput(
  server: FastifyInstance,
  key: string,
  signal: AbortSignal,
  clock: Clock = systemClock,
) {
  return async (tenant: string, events: readonly WireEvent[]): Promise<void> => {
    const payload = events.map((event) => JSON.stringify(event)).join('\n')
    for (;;) {
      const url = `/v1/tenants/${tenant}/events`
      const response = await server.inject({
        method: 'POST',
        url,
        payload,
        headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${key}` },
      })
      if (response.statusCode === 202) {
        const { refused } = response.json<{ refused: number }>()
        if (refused > 0) throw new Error(`simulated events were refused: ${response.body}`)
        return
      }
      if (response.statusCode < 429)
        throw new Error(`simulated events were refused: ${response.body}`)
      if (signal.aborted) return
      await clock.sleep(retryMs, signal)
    }
  }
}
