import type { Readable } from 'node:stream'
import {
  eventLimits,
  type ImportedResponse,
  importPath,
  importQuery,
  type ImportsResponse,
  importTemplateQuery,
  problemOf,
  tenantPath,
} from '@deskpulse/contract'
import {
  type ImportKind,
  importKinds,
  importLanguages,
  type InLanguages,
  templateOf,
  type Text,
  textIn,
} from '@deskpulse/imports'
import { refuse, sendProblem, type ZodTypes } from '@deskpulse/runtime'
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import { admitOnRequest, tenantProblem } from '../http/admit.ts'
import type { RouteDeps } from '../http/routes.ts'
import { wholeBody } from '../http/whole-body.ts'
import { importFile } from './file.ts'
import { getImportTemplate, importFileOperation, listImports } from './operations.ts'

/** What a file and its rows take of the memory for bodies, for each byte of the file. */
const weight = 7

const path = importPath(importKinds.map(({ name }) => name))
const kindOf = (name: string): ImportKind => importKinds.find((kind) => kind.name === name)!

/** Files are read as a whole. Past an eighth of the memory for all bodies one would not fit into it, with its rows. */
function readFiles(app: FastifyInstance, { bodyBytesMax, inFlightBytesMax }: ImportDeps): void {
  const bytesMax = Math.min(bodyBytesMax, Math.floor(inFlightBytesMax / (weight + 1)))
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'text/csv',
    async ({ share, headers }: FastifyRequest, body: Readable) => {
      const { hold, release } = share!
      return wholeBody(body, {
        share: { hold: (bytes) => hold(weight * bytes), release },
        bytesMax,
        declaredBytes: Number(headers['content-length'] ?? 0),
        advice: 'cut the file into several',
      })
    },
  )
}

export type ImportDeps = RouteDeps & { readonly inFlightBytesMax: number }

/** `/v1/tenants/{tenant}/imports`: the kinds of files, their templates, and files in. */
export function importRoutes(deps: ImportDeps): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypes>()
    readFiles(plain, deps)
    reads(plain, deps)
    app.post(
      '/v1/tenants/:tenant/imports/:kind',
      {
        schema: { params: path, querystring: importQuery, operation: importFileOperation },
        onRequest: admitOnRequest(deps),
      },
      async (request, reply) => {
        const { params, query, body } = request
        const { tenant, kind: name } = params
        if (!(body instanceof Uint8Array))
          return sendProblem(reply, problemOf('no-events', 'the body is empty'))
        const nowMs = deps.nowMs()
        const { changedAt: changedMs = nowMs, timeZone = null, dryRun, lang: language } = query
        if (changedMs > nowMs + eventLimits.futureMsMax) refuseFuture(changedMs)
        const source = query.source ?? `/import/${name}`
        const options = { tenant, source, timeZone, changedMs, nowMs, dryRun, language }
        const { body: imported, taken } = await importFile(deps, kindOf(name), body, options)
        deps.metrics.received('http', taken?.seen ?? 0)
        deps.metrics.accepted('http', taken?.accepted ?? 0)
        const { rows, accepted, refused } = imported
        const after = {
          source,
          changedAt: new Date(changedMs).toISOString(),
          rows,
          accepted,
          refused,
        }
        await request.changed(accepted > 0 ? { object: name, after } : null)
        return reply.code(statusOf(imported)).send(imported)
      },
    )
  }
}

function statusOf({ dryRun, accepted, errorCount }: ImportedResponse): 200 | 202 | 422 {
  if (accepted > 0) return 202
  return dryRun || errorCount === 0 ? 200 : 422
}

function refuseFuture(changedMs: number): never {
  const got = new Date(changedMs).toISOString()
  const expected = 'at most 5 minutes ahead of the clock'
  return refuse('bad-request', 'the file was changed ahead of the clock', [
    { path: 'changedAt', expected, got },
  ])
}

function reads(plain: FastifyInstance, { tenants }: ImportDeps): void {
  const app = plain.withTypeProvider<ZodTypes>()
  const kinds: ImportsResponse = { kinds: importKinds.map(describedKind) }
  app.get(
    '/v1/tenants/:tenant/imports',
    { schema: { params: tenantPath, operation: listImports } },
    async ({ params: { tenant } }, reply) => {
      const problem = tenantProblem(tenants, tenant)
      return problem === null ? reply.send(kinds) : sendProblem(reply, problem)
    },
  )
  app.get(
    '/v1/tenants/:tenant/imports/:kind/template',
    {
      schema: { params: path, querystring: importTemplateQuery, operation: getImportTemplate },
    },
    async ({ params: { tenant, kind }, query: { lang } }, reply) => {
      const problem = tenantProblem(tenants, tenant)
      if (problem !== null) return sendProblem(reply, problem)
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${kind}.csv"`)
        .send(templateOf(kindOf(kind), lang))
    },
  )
}

const inLanguages = (text: Text): InLanguages => {
  const [en, zh] = importLanguages.map((language) => textIn(text, language))
  return { en: en!, zh: zh! }
}

const describedKind = (kind: ImportKind): ImportsResponse['kinds'][number] => ({
  kind: kind.name,
  type: kind.type,
  title: kind.title,
  description: kind.description,
  columns: Object.values(kind.columns).map(({ name, isRequired = false, examples }) => ({
    name: inLanguages(name),
    required: isRequired,
    example: inLanguages(examples.find((example) => example !== '') ?? ''),
  })),
})
