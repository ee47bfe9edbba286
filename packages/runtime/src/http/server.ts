import type { HttpConfig } from '@deskpulse/contract'
import compress from '@fastify/compress'
import cors, { type FastifyCorsOptions } from '@fastify/cors'
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { Health } from '../health/health.ts'
import { healthRoutes } from '../health/routes.ts'
import type { Logger } from '../logging/logger.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { type Guard, guardRoutes } from './access/guard.ts'
import { answerBrokenRequest, refuseTunnels } from './broken-requests.ts'
import { renewCertificate, serverTls } from './certificate.ts'
import {
  cutSlowBodies,
  type Deadlines,
  deadlines as usualDeadlines,
  watchedByNode,
} from './deadlines.ts'
import { boundConnections } from './connections.ts'
import { readJsonBodies } from './json-bodies.ts'
import { letGoOfConnections } from './let-go.ts'
import { measureRequests } from './measure-requests.ts'
import { type Api, describeRoutes } from './openapi.ts'
import { sendError } from './problems.ts'
import { validatorOf } from './route-schema.ts'
import { secureAnswers } from './security-headers.ts'
import { type Site, serveOwnSite } from './site.ts'
import { answerUnknownAddresses } from './unknown-addresses.ts'

export type HttpServerOptions = {
  readonly logger: Logger
  readonly metrics: Metrics
  readonly health: Health
  /** What the document of its addresses is called. */
  readonly api: Api
  /** Of the configuration: `siteOf`. */
  readonly site: Site
  readonly guard: Guard
  /** Of the configuration: how clients reach it. Default: without TLS, without a proxy, over as many connections as they like. */
  readonly http?: Partial<Pick<HttpConfig, 'tls' | 'trustProxy' | 'connectionsMax'>>
  /** Default: `deadlines`. */
  readonly deadlines?: Deadlines
}

const text = /^text\/|[/+](?:json|xml|x-ndjson|javascript|openmetrics-text)(?:;|$)/

const corsOf = ({ corsOrigins }: Site): FastifyCorsOptions => ({
  origin: [...corsOrigins],
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
  allowedHeaders: ['authorization', 'content-type', 'if-match', 'if-none-match'],
  exposedHeaders: ['etag', 'link', 'retry-after', 'deskpulse-as-of', 'deskpulse-incomplete'],
  maxAge: 600,
})

/**
 * The HTTP server of a service, before its own routes: `/livez`, `/readyz`, `/metrics`, `/openapi.json`; requests to its own names alone, checked by the schemas of their routes,
 * every error a problem, text compressed for who accepts that, every answer observed.
 */
export async function httpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const { logger, metrics, health, api, site, guard, deadlines = usualDeadlines } = options
  const { tls, trustProxy = [], connectionsMax = Number.POSITIVE_INFINITY } = options.http ?? {}
  const loggerInstance: FastifyBaseLogger = logger
  const app = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (parent) => parent, // One for each request cost more than reading it; what is logged of one names it by itself.
    forceCloseConnections: 'idle', // Wallboards keep theirs; stopping must not wait for those, but for answers under way.
    clientErrorHandler: answerBrokenRequest,
    ...watchedByNode(deadlines, tls === undefined ? null : serverTls(tls)),
    trustProxy: trustProxy.length > 0 && [...trustProxy],
    frameworkErrors: (error, _request, reply) => void sendError(reply, error),
    routerOptions: { maxParamLength: 16_384 }, // As long as a request line may be: schemas say what is too long.
  })
  app.setValidatorCompiler(validatorOf)
  app.setErrorHandler((error, _request, reply) => sendError(reply, error))
  readJsonBodies(app)
  refuseTunnels(app)
  letGoOfConnections(app)
  boundConnections(app, connectionsMax)
  if (tls !== undefined) renewCertificate(app, tls, logger, deadlines.lookEveryMs)
  cutSlowBodies(app, deadlines)
  measureRequests(app, metrics)
  secureAnswers(app, site)
  serveOwnSite(app, site)
  if (site.corsOrigins.size > 0) await app.register(cors, corsOf(site))
  answerUnknownAddresses(app)
  await guardRoutes(app, guard)
  await app.register(compress, {
    encodings: ['br', 'gzip'],
    customTypes: text,
    globalDecompression: false,
  })
  describeRoutes(app, api)
  await app.register(healthRoutes, { health, metrics })
  return app
}
