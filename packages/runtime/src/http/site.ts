import { isIP } from 'node:net'
import { type Config, problemOf } from '@deskpulse/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { sendProblem } from './problems.ts'

/** Under which names a server is reached. */
export type Site = {
  /** In lower case, without ports; loopback names and addresses need not be among them. */
  readonly hosts: ReadonlySet<string>
  /** Of its pages, where a proxy may name another host than people do; `null`: not configured. */
  readonly origin: string | null
  /** Of pages elsewhere that may ask, with a key of their own. */
  readonly corsOrigins: ReadonlySet<string>
  /** Its pages are asked for over HTTPS. */
  readonly isSecure: boolean
}

const loopback = 'localhost'

/** The names of `http.hosts`, the one that is listened on, and that of `alerts.publicUrl`. */
export function siteOf({
  http,
  alerts,
}: {
  readonly http: Pick<Config['http'], 'host' | 'hosts' | 'corsOrigins' | 'tls'>
  readonly alerts: Pick<Config['alerts'], 'publicUrl'>
}): Site {
  const own = alerts.publicUrl === null ? null : URL.parse(alerts.publicUrl)
  const names = [...http.hosts, http.host, ...(own === null ? [] : [own.hostname])]
  return {
    hosts: new Set(names.map((name) => name.toLowerCase())),
    origin: own?.origin ?? null,
    corsOrigins: new Set(http.corsOrigins),
    isSecure: own?.protocol === 'https:' || http.tls !== undefined,
  }
}

const portMax = 65_535

/** The name of a `Host` header: without its port and the brackets of IPv6, in lower case. What no address of a server can be made of is no name. */
function nameOf(host: string): string {
  const [, bracketed, plain, port] =
    /^(?:\[([^\]]*)\]|([^:]*))(?::(\d*))?$/.exec(host.toLowerCase()) ?? []
  return Number(port ?? 0) > portMax ? host : (bracketed ?? plain ?? host)
}

/**
 * Whether a request may be for this server. Who owns a name can let it point here, so that a page of that name reads and changes what it likes in the browser of
 * whoever looks at it: foreign names are not served. An address cannot be made to point elsewhere, and who names no host is no browser.
 */
function isServed(host: string | undefined, { hosts }: Site): boolean {
  if (host === undefined) return true
  const name = nameOf(host)
  return name === loopback || isIP(name) !== 0 || hosts.has(name)
}

/**
 * Whether a page of another site asks, as browsers say: it may change nothing here, since it could do so in the name of whoever looks at it. Programs say
 * nothing, and are let in.
 */
function isForeign(
  { origin, host, authorization, 'sec-fetch-site': site }: FastifyRequest['headers'],
  own: Site,
): boolean {
  // With a key of its own, not in the session of whoever looks at it.
  if (origin !== undefined && own.corsOrigins.has(origin) && authorization !== undefined)
    return false
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  return origin !== undefined && origin !== own.origin && URL.parse(origin)?.host !== host
}

/** Refuses what is sent to a foreign name (421), whatever its address, and changes that a page of another site asks for (403). Called before the routes are added. */
export function serveOwnSite(app: FastifyInstance, site: Site): void {
  app.addHook('onRequest', ({ method, headers, is404 }, reply, next) => {
    const changes = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS'
    if (!isServed(headers.host, site))
      sendProblem(reply, problemOf('unknown-host', 'this name is not among http.hosts'))
    else if (changes && !is404 && isForeign(headers, site))
      sendProblem(reply, problemOf('cross-site', 'this may be asked from its own pages alone'))
    else next()
  })
}
