import type { Readable } from 'node:stream'
import { acceptedSchema, eventBodies, problemOf, resending, tenantPath } from '@deskpulse/contract'
import { json, type Operation, sendProblem } from '@deskpulse/runtime'
import type { FastifyError, FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { IngestMetrics } from '../intake/metrics.ts'
import type { TenantDirectory } from '../intake/tenants.ts'
import type { Admission } from './admission.ts'
import { type BodyDeps, type BodyOutcome, takeBody, takeStream } from './body.ts'

export type RouteDeps = BodyDeps & {
  readonly tenants: TenantDirectory
  readonly metrics: IngestMetrics
  readonly admission: Admission
  readonly bodyBytesMax: number
  readonly isStopping: () => boolean
}

type Request = FastifyRequest<{ Params: { tenant: string }; Body: Uint8Array | Readable | undefined }>

/** What one stream may hold at once: a chunk, and a line that is not yet ended. */
const streamBytesMax = 512 * 1024
const wholeTypes = ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json']
const streamTypes = ['application/x-ndjson', 'application/ndjson', 'application/jsonl']

/** Answers every request that no body should be read of. */
async function turnAway(deps: RouteDeps, request: Request, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const { tenant } = request.params
  if (deps.isStopping()) return sendProblem(reply, problemOf('stopping', 'the service is stopping'))
  if (!deps.tenants.accepts(tenant)) return sendProblem(reply, problemOf('unknown-tenant', 'the configuration names no such tenant'))
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity') return sendProblem(reply, problemOf('unsupported-media-type', 'send the body without content encoding'))
  const release = deps.admission.admit(bytesOf(request, deps.bodyBytesMax))
  if (release === null) return sendProblem(reply, problemOf('overloaded', 'too many bytes of requests are under way'))
  reply.raw.once('close', release)
  return undefined
}

function bytesOf(request: Request, bodyBytesMax: number): number {
  const isStream = streamTypes.some((type) => request.headers['content-type']?.startsWith(type))
  const declared = Number(request.headers['content-length'] ?? bodyBytesMax)
  return Math.min(Number.isFinite(declared) ? declared : bodyBytesMax, isStream ? streamBytesMax : bodyBytesMax)
}

async function answer(deps: RouteDeps, reply: FastifyReply, outcome: BodyOutcome): Promise<FastifyReply> {
  if (outcome.kind === 'problem') return sendProblem(reply, outcome.problem)
  deps.metrics.received('http', outcome.tally.seen)
  deps.metrics.accepted('http', outcome.tally.accepted)
  const unreadable = outcome.tally.unreadable()
  if (unreadable !== null) return sendProblem(reply, unreadable)
  const { status, body } = outcome.tally.answer()
  return reply.code(status).send(body)
}

/** A replay of what the folds refused says that its customers are pseudonyms. */
function takingOf(deps: RouteDeps, { headers }: Request): RouteDeps {
  if (headers[resending.customers] !== resending.arePseudonyms) return deps
  const { intake } = deps
  return { ...deps, intake: { ...intake, take: (bytes, options) => intake.take(bytes, { ...options, customersArePseudonyms: true }) } }
}

function readBodies(app: FastifyInstance, bodyBytesMax: number): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(wholeTypes, { parseAs: 'buffer', bodyLimit: bodyBytesMax }, (_request, body, done) => done(null, body))
  app.addContentTypeParser(streamTypes, (_request, payload, done) => done(null, payload))
}

/** Streams that clients keep open would keep the server from closing: it ends them. */
function openStreams(app: FastifyInstance) {
  const open = new Set<Readable>()
  app.addHook('preClose', async () => open.forEach((stream) => stream.destroy()))
  return async (deps: RouteDeps, tenant: string, stream: Readable): Promise<BodyOutcome> => {
    open.add(stream)
    try {
      return await takeStream(deps, tenant, stream)
    } finally {
      open.delete(stream)
    }
  }
}

const operation: Operation = {
  id: 'postEvents',
  tag: { name: 'events', description: 'What sources tell.' },
  summary: 'Events in: one, an array of at most 1,000, or NDJSON of any length. Sending the same events again is harmless.',
  body: { required: true, content: eventBodies },
  answers: {
    202: json(acceptedSchema, 'The log has what was accepted'),
    422: json(acceptedSchema, 'Nothing was accepted; `refusals` say why'),
  },
  problems: [
    ...(['bad-request', 'not-json', 'not-an-event', 'too-deep', 'no-events', 'unknown-tenant', 'too-large', 'too-many-events'] as const),
    ...(['unsupported-media-type', 'overloaded', 'log-unavailable', 'log-full', 'stopping'] as const),
  ],
}

/** `POST /v1/tenants/{tenant}/events`, with its own way of reading bodies: register it beside other routes of the same server. */
export function ingestRoutes(deps: RouteDeps): FastifyPluginAsync {
  return async (app) => {
    readBodies(app, deps.bodyBytesMax)
    const follow = openStreams(app)
    app.setErrorHandler(async (error: FastifyError, _request, reply) => {
      if (error.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') throw error
      return sendProblem(reply, problemOf('too-large', 'the body is too large; send smaller arrays, or NDJSON'))
    })
    app.post('/v1/tenants/:tenant/events', {
      schema: { params: tenantPath, operation },
      onRequest: async (request, reply) => turnAway(deps, request as Request, reply),
      handler: async (request, reply) => {
        const { params, body } = request as Request
        if (body === undefined) return sendProblem(reply, problemOf('no-events', 'the body is empty'))
        const { tenant } = params
        const taking = takingOf(deps, request as Request)
        return answer(deps, reply, body instanceof Uint8Array ? await takeBody(taking, tenant, body) : await follow(taking, tenant, body))
      },
    })
  }
}
