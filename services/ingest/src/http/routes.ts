import type { Readable } from 'node:stream'
import { acceptedSchema, eventBodies, problemOf, resending, tenantPath } from '@deskpulse/contract'
import { json, type Operation, sendProblem, toTenant } from '@deskpulse/runtime'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { IngestMetrics } from '../intake/metrics.ts'
import { type AdmitDeps, admitOnRequest, ofAdmission } from './admit.ts'
import { type BodyDeps, type BodyOutcome, type StreamOf, takeBody, takeStream } from './body.ts'
import { wholeBody } from './whole-body.ts'

export type RouteDeps = BodyDeps &
  AdmitDeps & {
    readonly metrics: IngestMetrics
    readonly bodyBytesMax: number
  }

type Request = FastifyRequest<{
  Params: { tenant: string }
  Body: Uint8Array | Readable | undefined
}>

const wholeTypes = [
  'application/json',
  'application/cloudevents+json',
  'application/cloudevents-batch+json',
]
const streamTypes = ['application/x-ndjson', 'application/ndjson', 'application/jsonl']

async function answer(
  deps: RouteDeps,
  reply: FastifyReply,
  outcome: BodyOutcome,
): Promise<FastifyReply> {
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
  return {
    ...deps,
    intake: {
      ...intake,
      take: (bytes, options) => intake.take(bytes, { ...options, customersArePseudonyms: true }),
    },
  }
}

function readBodies(app: FastifyInstance, bytesMax: number): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(wholeTypes, async ({ share, headers }: FastifyRequest, body: Readable) =>
    wholeBody(body, {
      share: share!,
      bytesMax,
      declaredBytes: Number(headers['content-length'] ?? 0),
    }),
  )
  app.addContentTypeParser(streamTypes, (_request, payload, done) => done(null, payload))
}

/** Streams that clients keep open would keep the server from closing: it ends them. */
function openStreams(app: FastifyInstance) {
  const open = new Set<Readable>()
  app.addHook('preClose', async () => open.forEach((stream) => stream.destroy()))
  return async (
    deps: RouteDeps,
    tenant: string,
    stream: Readable,
    of: StreamOf,
  ): Promise<BodyOutcome> => {
    open.add(stream)
    try {
      return await takeStream(deps, tenant, stream, of)
    } finally {
      open.delete(stream)
    }
  }
}

const operation: Operation = {
  id: 'postEvents',
  tag: { name: 'events', description: 'What sources tell.' },
  summary:
    'Events in: one, an array of at most 1,000, or NDJSON of any length. Sending the same events again is harmless.',
  access: toTenant('ingest'),
  changes: null, // The log has them, and who sent them: their source.
  body: { required: true, content: eventBodies },
  answers: {
    202: json(acceptedSchema, 'The log has what was accepted'),
    422: json(acceptedSchema, 'Nothing was accepted; `refusals` say why'),
  },
  problems: [
    ...([
      'bad-request',
      'not-json',
      'not-an-event',
      'too-deep',
      'no-events',
      'too-many-events',
    ] as const),
    ...ofAdmission,
  ],
}

/** `POST /v1/tenants/{tenant}/events`, with its own way of reading bodies: register it beside other routes of the same server. */
export function eventRoutes(deps: RouteDeps): FastifyPluginAsync {
  return async (app) => {
    readBodies(app, deps.bodyBytesMax)
    const follow = openStreams(app)
    app.post('/v1/tenants/:tenant/events', {
      schema: { params: tenantPath, operation },
      onRequest: admitOnRequest(deps),
      handler: async (request, reply) => {
        const { params, body } = request as Request
        if (body === undefined)
          return sendProblem(reply, problemOf('no-events', 'the body is empty'))
        const { tenant } = params
        const taking = takingOf(deps, request as Request)
        if (body instanceof Uint8Array)
          return answer(deps, reply, await takeBody(taking, tenant, body))
        const of = { share: request.share!, isStillLetIn: () => request.isStillLetIn() }
        return answer(deps, reply, await follow(taking, tenant, body, of))
      },
    })
  }
}
