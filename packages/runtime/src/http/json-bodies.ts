import type { FastifyInstance } from 'fastify'
import { refuse } from './problems.ts'

/** What a body may weigh: a rule with its texts, a silence with its matchers. */
const bodyBytesMax = 64 * 1024
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Bodies are JSON in UTF-8, and nothing else is read; an empty one is none. A plugin may read its own otherwise. */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: bodyBytesMax },
    async (_request: unknown, body: Buffer) => {
      try {
        return body.length === 0 ? undefined : (JSON.parse(utf8.decode(body)) as unknown)
      } catch {
        refuse('not-json', 'the body is not JSON in UTF-8')
      }
    },
  )
}
