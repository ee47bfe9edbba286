import type { FastifyRequest } from 'fastify'

/**
 * Whether a page of another site asks, as browsers say: it may change nothing here, since it could silence alerts in the name of whoever looks at it.
 * Programs say nothing, and are let in.
 * @param ownOrigin where people find the page, if that is configured: a proxy may have named another host.
 */
export function isForeign({ origin, host, 'sec-fetch-site': site }: FastifyRequest['headers'], ownOrigin: string | null): boolean {
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  return origin !== undefined && origin !== ownOrigin && URL.parse(origin)?.host !== host
}
