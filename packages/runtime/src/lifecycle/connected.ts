import { setTimeout as pause } from 'node:timers/promises'
import { problemOf } from '@deskpulse/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendProblem } from '../http/problems.ts'
import { openGuard } from '../http/access/guard.ts'
import { httpServer } from '../http/server.ts'
import { siteOf } from '../http/site.ts'
import type { ServiceContext } from './run-service.ts'

/** Operating errors of what comes back by itself. */
export const isAway = (error: unknown): error is Error & { readonly code: string } =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'LOG_UNAVAILABLE' || error.code === 'STORE_UNAVAILABLE')

const pauseFirstMs = 500
const pauseMostMs = 5_000

/** Says that the service is alive and not ready, at its own address, until it has what it needs. */
async function waitingRoom({
  config,
  logger,
  metrics,
  health,
}: ServiceContext): Promise<FastifyInstance> {
  const api = { title: 'Deskpulse', description: 'A service that waits for its start.' }
  const app = await httpServer({
    ...{ logger, metrics, health, api, http: config.http },
    ...{ site: siteOf(config), guard: openGuard }, // It has nothing of any tenant.
  })
  const answer = (_request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    sendProblem(
      reply,
      problemOf('starting', 'what the service needs does not answer yet; it waits for it'),
    )
  // Before the body is read: what cannot be read here is no fault of the sender's.
  app.all('/*', { onRequest: async (request, reply) => answer(request, reply) }, answer)
  await app.listen({ ...config.http })
  return app
}

/**
 * What `connect` opens: the log, the store. While that is away it is tried again, the log and `/readyz` say what is missing, and everything else is answered
 * 503. `connect` lets go of what it had opened when it throws.
 */
export async function connected<Connected>(
  context: ServiceContext,
  connect: () => Promise<Connected>,
): Promise<Connected> {
  const { logger, health } = context
  let room: FastifyInstance | null = null
  try {
    for (let pauseMs = pauseFirstMs; ; pauseMs = Math.min(2 * pauseMs, pauseMostMs)) {
      try {
        return await connect()
      } catch (error) {
        if (!isAway(error)) throw error
        const { code, message } = error
        logger.warn(
          { code, reason: message, againInMs: pauseMs },
          'what the service needs does not answer; waiting for it',
        )
        health.add('start', () => {
          throw new Error(`${code}: ${message}`, { cause: error })
        })
      }
      room ??= await waitingRoom(context)
      await pause(pauseMs)
    }
  } finally {
    health.remove('start')
    await room?.close()
  }
}
