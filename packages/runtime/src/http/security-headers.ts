import { IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import helmet from 'helmet'
import type { Site } from './site.ts'

/** Answers are no pages: nothing in them runs, and nobody frames them. Pages have a policy of their own (`servePage`). */
const optionsOf = ({ isSecure }: Site): NonNullable<Parameters<typeof helmet>[0]> => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  // Of this name alone: other sites below it may be without HTTPS.
  strictTransportSecurity: isSecure && { includeSubDomains: false },
  // Of programs that hardly anybody has any more, or of no use to what has no other origin.
  ...{ xDnsPrefetchControl: false, xDownloadOptions: false, xXssProtection: false },
  ...{ xPermittedCrossDomainPolicies: false, originAgentCluster: false },
})

/** What helmet sets: the same for every answer, so that it is asked once. */
function headersOf(site: Site): OutgoingHttpHeaders {
  const request = new IncomingMessage(new Socket())
  const answer = new ServerResponse(request)
  helmet(optionsOf(site))(request, answer, (error?: unknown) => {
    if (error !== undefined) throw new Error('helmet refuses its options', { cause: error })
  })
  return answer.getHeaders()
}

/** Gives every answer headers under which a browser does little with it. Called before the routes are added. */
export function secureAnswers(app: FastifyInstance, site: Site): void {
  const headers = headersOf(site)
  app.addHook('onRequest', (_request, reply, next) => {
    reply.headers(headers)
    next()
  })
}
