import * as z from 'zod'
import type { ProblemCode } from '../errors/problems.ts'
import { alertComponents, alertPaths } from './alerts/openapi.ts'
import { acceptedSchema, anyEventSchema } from './events-in.ts'
import { kpisQuery, liveQuery, periodsQuery, slicesQuery, tenantPath, waitingQuery } from './parameters.ts'
import { answer, type Json, parameters, problems, refTo } from './openapi-parts.ts'
import { problemSchema } from './problem.ts'
import {
  agentsSchema,
  livenessSchema,
  kpiListSchema,
  kpiValueSchema,
  liveSchema,
  periodsSchema,
  readinessSchema,
  slicesSchema,
  waitingSchema,
} from './responses.ts'

const components = {
  Event: anyEventSchema,
  Accepted: acceptedSchema,
  Problem: problemSchema,
  KpiValue: kpiValueSchema,
  KpiList: kpiListSchema,
  Live: liveSchema,
  Periods: periodsSchema,
  Waiting: waitingSchema,
  Agents: agentsSchema,
  Slices: slicesSchema,
  Liveness: livenessSchema,
  Readiness: readinessSchema,
  ...alertComponents,
}
function componentSchemas(): Json {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(components)) registry.add(schema, { id })
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}`, io: 'output' })
  return Object.fromEntries(Object.entries(schemas).map(([name, { $schema: _dialect, $id: _id, ...schema }]) => [name, schema]))
}

const tenant = parameters(tenantPath, 'path')

function get(summary: string, response: Json, query: z.ZodObject | null, ...codes: readonly ProblemCode[]): Json {
  const inPath = codes.includes('unknown-tenant') ? tenant : []
  const given = query === null ? [] : parameters(query, 'query')
  return { get: { summary, parameters: [...inPath, ...given], responses: { 200: response, ...problems(...codes) } } }
}

function postEvents(): Json {
  const one = refTo('Event')
  return {
    post: {
      summary: 'Events in: one, an array of at most 1,000, or NDJSON of any length. Sending the same events again is harmless.',
      parameters: tenant,
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: { oneOf: [one, { type: 'array', items: one, maxItems: 1_000 }] } },
          'application/cloudevents+json': { schema: one },
          'application/cloudevents-batch+json': { schema: { type: 'array', items: one, maxItems: 1_000 } },
          'application/x-ndjson': { schema: { type: 'string', description: 'one event a line' } },
        },
      },
      responses: {
        202: answer('Accepted', 'The log has what was accepted'),
        ...problems('not-json', 'not-an-event', 'too-deep', 'no-events', 'unknown-tenant', 'too-large', 'too-many-events'),
        ...problems('unsupported-media-type', 'overloaded', 'log-unavailable', 'log-full', 'stopping'),
      },
    },
  }
}

function tenantPaths(): Json {
  const base = '/v1/tenants/{tenant}'
  const usual = ['bad-request', 'unknown-tenant', 'store-unavailable'] as const
  const csv = { 'text/csv': { schema: { type: 'string' } } }
  return {
    [`${base}/events`]: postEvents(),
    [`${base}/kpis/live`]: get(
      'KPIs of a sliding window',
      answer('Live', 'One row a slice', csv),
      liveQuery,
      ...usual,
      'not-supported',
      'unknown-kpi',
      'unknown-slice',
      'not-acceptable',
    ),
    [`${base}/kpis/periods`]: get(
      'KPIs of calendar periods',
      answer('Periods', 'One row a period and slice', csv),
      periodsQuery,
      ...usual,
      'not-supported',
      'unknown-kpi',
      'unknown-slice',
      'not-acceptable',
    ),
    [`${base}/waiting`]: get(
      'Who waits now, longest first',
      answer('Waiting', 'Waiting contacts'),
      waitingQuery,
      ...usual,
      'unknown-slice',
    ),
    [`${base}/agents`]: get('Agents and their states now', answer('Agents', 'Agents'), null, ...usual),
    [`${base}/slices`]: get(
      'Values of a dimension, seen or configured',
      answer('Slices', 'Values'),
      slicesQuery,
      ...usual,
      'unknown-slice',
    ),
  }
}

const text = (description: string): Json => ({ description, content: { 'text/plain': { schema: { type: 'string' } } } })

/** The API as an OpenAPI 3.1 document, made from the same schemas that check requests. */
export function openApiDocument(): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Deskpulse',
      version: '1',
      description: 'Live and closed-period metrics of contact centers.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: {
      '/v1/kpis': get('The KPI catalogue', answer('KpiList', 'KPIs'), kpisQuery, 'bad-request'),
      ...tenantPaths(),
      ...alertPaths(),
      '/livez': get('The process runs', answer('Liveness', 'It does'), null),
      '/readyz': {
        get: {
          summary: 'It can work',
          responses: { 200: answer('Readiness', 'It can'), 503: answer('Readiness', 'It cannot; checks say why') },
        },
      },
      '/metrics': { get: { summary: 'Prometheus', responses: { 200: text('Text exposition format') } } },
    },
    components: { schemas: componentSchemas() },
  }
}
