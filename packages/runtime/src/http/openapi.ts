import {
  type ProblemCode,
  problemCodes,
  problemMediaType,
  problemSchema,
} from '@deskpulse/contract'
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify'
import * as z from 'zod'
import {
  createDocument,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
  type ZodOpenApiSecuritySchemeObject,
} from 'zod-openapi'
import { type RouteAccess, toAnyone } from './access/route-access.ts'
import { sessionCookie } from './access/session-cookie.ts'
import type { Operation } from './route-schema.ts'

export type Api = {
  readonly title: string
  readonly description: string
  /** What the service sends to others, by name. */
  readonly webhooks?: ZodOpenApiPathsObject
}

/** Every address may answer with them. */
const problemsAnywhere: readonly ProblemCode[] = [
  'bad-http',
  'method-not-allowed',
  'request-timeout',
  'unknown-host',
  'rate-limited',
  'headers-too-large',
  'internal',
]

const headersOf: Readonly<Record<number, z.ZodObject>> = {
  405: z.object({ Allow: z.string().meta({ description: 'the methods that are offered' }) }),
  429: z.object({ 'Retry-After': z.int().meta({ description: 'seconds' }) }),
  503: z.object({ 'Retry-After': z.int().meta({ description: 'seconds' }) }),
}

function problemsOf(codes: readonly ProblemCode[]): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(new Set(codes), (code) => problemCodes[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, all]) => {
      const headers = headersOf[status]
      const content = { [problemMediaType]: { schema: problemSchema } }
      return [String(status), { description: all.join(', '), ...(headers && { headers }), content }]
    }),
  )
}

function parametersOf({
  params,
  querystring,
  headers,
}: FastifySchema): NonNullable<ZodOpenApiOperationObject['requestParams']> {
  const places = { path: params, query: querystring, header: headers }
  return Object.fromEntries(
    Object.entries(places).filter(
      (entry): entry is [string, z.ZodObject] => entry[1] instanceof z.ZodObject,
    ),
  )
}

/** All that an operation may answer with: of one that is not for anyone, that it is not let through, too. */
export const problemsOfOperation = ({ access, problems = [] }: Operation): ProblemCode[] => [
  ...problems,
  ...problemsAnywhere,
  ...(access.to === 'anyone' ? [] : (['unauthorized', 'forbidden', 'busy'] as const)),
]

const securitySchemes: Readonly<Record<string, ZodOpenApiSecuritySchemeObject>> = {
  key: {
    ...{ type: 'http', scheme: 'bearer' },
    description: 'An API key. The role that is named is the scope that it needs.',
  },
  password: {
    ...{ type: 'http', scheme: 'basic' },
    description: 'An API key as the password of any user, for what only reads.',
  },
  session: {
    ...{ type: 'apiKey', in: 'cookie', name: sessionCookie },
    description: 'Of the pages: `POST /v1/session`.',
  },
}

/** How a request may say who sends it. */
function securityOf(access: RouteAccess, method: string): ZodOpenApiOperationObject['security'] {
  if (access.to === 'anyone') return []
  return Object.keys(securitySchemes)
    .filter((scheme) => scheme !== 'password' || isReading(method))
    .map((scheme) => ({ [scheme]: [access.scope] }))
}

function operationOf(
  operation: Operation,
  schema: FastifySchema,
  method: string,
): ZodOpenApiOperationObject {
  const { body } = schema
  const requestBody =
    body instanceof z.ZodType
      ? { required: true, content: { 'application/json': { schema: body } } }
      : operation.body
  return {
    operationId: operation.id,
    tags: [operation.tag.name],
    summary: operation.summary,
    requestParams: parametersOf(schema),
    ...(requestBody && { requestBody }),
    security: securityOf(operation.access, method),
    ...(operation.changes && { 'x-audit-action': operation.changes }),
    responses: {
      ...operation.answers,
      ...problemsOf(problemsOfOperation(operation)),
    },
  }
}

type Described = {
  readonly url: string
  readonly method: string
  readonly schema: FastifySchema
  readonly operation: Operation
}

const isReading = (method: string): boolean => method === 'GET' || method === 'HEAD'

/** @throws Error: nobody has said whether the audit is to have what it changes */
function describedBy({ url, method, schema }: RouteOptions): Described[] {
  const operation = schema?.operation
  if (schema === undefined || operation === undefined) return []
  const methods = [method].flat()
  if (operation.changes === undefined && methods.some((one) => !isReading(one)))
    throw new Error(`${url}: the operation does not say what it changes`)
  return methods.flatMap((one) => (one === 'HEAD' ? [] : [{ url, method: one, schema, operation }]))
}

/** Few regular expressions outside of JavaScript can name lone surrogates, and few programs can send them. */
function withoutSurrogates(jsonSchema: { pattern?: string }): void {
  if (jsonSchema.pattern !== undefined)
    jsonSchema.pattern = jsonSchema.pattern.replaceAll('\\ud800-\\udfff', '')
}

function documentOf(
  { title, description, webhooks = {} }: Api,
  routes: readonly Described[],
): object {
  const paths: ZodOpenApiPathsObject = {}
  for (const { url, method, schema, operation } of routes) {
    const path = url.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(operation, schema, method) }
  }
  const license = { name: 'Apache-2.0', identifier: 'Apache-2.0' }
  const tags = new Map(routes.map(({ operation: { tag } }) => [tag.name, tag]))
  const document: ZodOpenApiObject = {
    openapi: '3.1.1',
    info: { title, version: '1', description, license },
    servers: [{ url: '/', description: 'the server that this document comes from' }],
    tags: [...tags.values()],
    paths,
    webhooks,
    components: { securitySchemes },
  }
  return createDocument(document, { override: ({ jsonSchema }) => withoutSurrogates(jsonSchema) })
}

/** `/openapi.json`: every route of this server that has an `operation`, by its own schemas. Called before the routes are added. */
export function describeRoutes(app: FastifyInstance, api: Api): void {
  const routes: Described[] = []
  let document: Buffer | null = null
  app.addHook('onRoute', (route) => void routes.push(...describedBy(route)))
  app.get('/openapi.json', { schema: { access: toAnyone } }, (_request, reply) => {
    document ??= Buffer.from(JSON.stringify(documentOf(api, routes)))
    return reply.type('application/json; charset=utf-8').send(document)
  })
}
