import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { Logger } from '@deskpulse/runtime'
import { StartError } from './start-error.ts'

/** The one HTTP server, before its routes. */
export function createServer(logger: Logger): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = logger
  return fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle', // Wallboards keep theirs; stopping must not wait for those, but for answers under way.
  })
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use: choose another --port, or 0 for any free one',
  EACCES: 'is not allowed: choose another --port',
  EADDRNOTAVAIL: 'is no address of this machine: choose another --host',
  ENOTFOUND: 'is no address that is known: choose another --host',
}

/** @returns the address to open, `http://host:port/`. @throws StartError when it cannot be listened on. */
export async function listen(server: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    const address = await server.listen({ host, port })
    return `${address}/`
  } catch (error) {
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? '']
    if (reason === undefined) throw error
    throw new StartError(`${host}:${port} ${reason}`, { cause: error })
  }
}
