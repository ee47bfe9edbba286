import type { FastifyRequest } from 'fastify'
import { refuse } from './problems.ts'

/**
 * Browsers say where a request comes from; a page of another site may change nothing here: it could silence alerts in the name of whoever looks at it.
 * Programs say nothing, and are let in.
 * @param ownOrigin where people find the page, if that is configured: a proxy may have named another host.
 * @throws Refused 403
 */
export function refuseForeign({ headers }: Pick<FastifyRequest, 'headers'>, ownOrigin: string | null): void {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') refuse('cross-site', 'this may be asked from its own pages alone')
  const { origin, host } = headers
  if (origin === undefined || origin === ownOrigin || URL.parse(origin)?.host === host) return
  refuse('cross-site', 'this may be asked from its own pages alone')
}
