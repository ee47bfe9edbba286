import { readFileSync } from 'node:fs'
import type { Server, ServerOptions } from 'node:https'
import { type HttpConfig, isPair } from '@deskpulse/contract'
import type { FastifyInstance } from 'fastify'
import type { Logger } from '../logging/logger.ts'

type Files = NonNullable<HttpConfig['tls']>
type Read = { readonly cert: string; readonly key: string; readonly ca?: string }

const minVersion = 'TLSv1.2'

function read({ cert, key, ca }: Files): Read {
  const text = (name: string): string => readFileSync(name, 'utf8')
  return { cert: text(cert), key: text(key), ...(ca !== undefined && { ca: text(ca) }) }
}

/** Of a server that speaks TLS. With `ca` clients must show a certificate of it. */
export const serverTls = (files: Files): ServerOptions => ({
  ...read(files),
  minVersion,
  ...(files.ca !== undefined && { requestCert: true, rejectUnauthorized: true }),
})

/**
 * Takes the certificate again when its files change: the next connections have it, those that are open stay. Files that cannot be used leave the one in use as it is, and are said once:
 * whoever renews it writes one file after the other. The files are read, not watched: a mounted secret is a link that changes.
 */
export function renewCertificate(
  app: FastifyInstance,
  files: Files,
  logger: Logger,
  lookEveryMs: number,
): void {
  let known = JSON.stringify(read(files))
  const look = (): void => {
    let seen = 'unreadable'
    try {
      const now = read(files)
      seen = JSON.stringify(now)
      if (seen === known) return
      if (!isPair(now.cert, now.key)) throw new Error('the key is not that of the certificate')
      ;(app.server as unknown as Server).setSecureContext({ ...now, minVersion })
      logger.info('the certificate of http.tls was renewed')
    } catch (error) {
      if (seen !== known)
        logger.warn(
          { reason: (error as NodeJS.ErrnoException).code ?? String(error) },
          'the files of http.tls have changed and cannot be used: the certificate stays',
        )
    }
    known = seen
  }
  const looking = setInterval(look, lookEveryMs).unref()
  app.addHook('onClose', (_app, done) => {
    clearInterval(looking)
    done()
  })
}
