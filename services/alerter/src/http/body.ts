import type { FastifyInstance } from 'fastify'
import { bodyBytesMax } from './exchange.ts'
import { Refused } from './problems.ts'
import { problemOf } from '@deskpulse/contract'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Bodies are JSON, and nothing else is read; one that is empty is none. */
export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: bodyBytesMax }, async (_request: unknown, body: Buffer) => {
    try {
      return body.length === 0 ? undefined : (JSON.parse(utf8.decode(body)) as unknown)
    } catch {
      throw new Refused(problemOf('not-json', 'the body is not JSON in UTF-8'))
    }
  })
}
