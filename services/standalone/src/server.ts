import type { FastifyInstance } from 'fastify'
import { StartError } from './start-error.ts'

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
