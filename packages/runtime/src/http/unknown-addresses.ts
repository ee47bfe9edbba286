import { problemOf } from '@deskpulse/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import findMyWay from 'find-my-way'
import { sendProblem } from './problems.ts'

/** The methods that an address offers, by its route. */
type Offered = { methodsOf(path: string): readonly string[] }

/** Follows the routes as they are added. */
function offeredBy(app: FastifyInstance): Offered {
  const byRoute = new Map<string, Set<string>>()
  const router = findMyWay({ maxParamLength: Number.POSITIVE_INFINITY })
  app.addHook('onRoute', ({ url, method }) => {
    if (!byRoute.has(url)) router.on('GET', url, () => {}, url)
    const methods = byRoute.get(url) ?? new Set()
    for (const one of [method].flat()) methods.add(one)
    byRoute.set(url, methods)
  })
  return {
    methodsOf(path) {
      const found: { readonly store: string } | null = router.find('GET', path)
      return found === null ? [] : [...(byRoute.get(found.store) ?? [])]
    },
  }
}

/**
 * Answers what no route is for, before its body is read: 405 with `Allow` where the address offers other methods, whatever method Node lets through,
 * else 404. Called before the routes are added.
 */
export function answerUnknownAddresses(app: FastifyInstance): void {
  const offered = offeredBy(app)
  const answer = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const allowed = offered.methodsOf(request.url.split('?', 1)[0] ?? '')
    // A route that was found has no such file.
    if (allowed.length === 0 || allowed.includes(request.method))
      return sendProblem(reply, problemOf('not-found', 'there is nothing at this address'))
    const allow = allowed.join(', ')
    return sendProblem(
      reply.header('allow', allow),
      problemOf('method-not-allowed', `offered here: ${allow}`),
    )
  }
  app.addHook('onRequest', (request, reply, next) => {
    if (request.is404) void answer(request, reply)
    else next()
  })
  app.setNotFoundHandler(answer)
}
