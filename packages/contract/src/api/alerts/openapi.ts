import type * as z from 'zod'
import type { ProblemCode } from '../../errors/problems.ts'
import { webhookBodySchema } from '../../alerts/webhook.ts'
import { answer, type Json, jsonBody, parameters, problems } from '../openapi-parts.ts'
import { tenantPath } from '../parameters.ts'
import * as requests from './requests.ts'
import * as responses from './responses.ts'

export const alertComponents = {
  Alert: responses.alertSchema,
  AlertList: responses.alertListSchema,
  Silence: responses.silenceSchema,
  SilenceList: responses.silenceListSchema,
  AlertRuleList: responses.ruleListSchema,
  AlertRuleChanged: responses.ruleChangedSchema,
  DryRun: responses.dryRunSchema,
  AlertEndpoint: responses.endpointSchema,
  AlertEndpointList: responses.endpointListSchema,
  Delivery: responses.deliverySchema,
  DeliveryList: responses.deliveryListSchema,
  Commanded: responses.commandedSchema,
  /** What a webhook receives. */
  WebhookBody: webhookBodySchema,
}

type Parts = {
  readonly path?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  readonly status?: number
  readonly codes: readonly ProblemCode[]
}

function operation(summary: string, response: Json, { path, query, body, status = 200, codes }: Parts): Json {
  const inPath = path === undefined ? [] : parameters(path, 'path')
  const inQuery = query === undefined ? [] : parameters(query, 'query')
  const withBody = body === undefined ? {} : jsonBody(body)
  return { summary, parameters: [...inPath, ...inQuery], ...withBody, responses: { [status]: response, ...problems(...codes) } }
}

const reads = ['bad-request', 'unknown-tenant', 'store-unavailable'] as const
const writes = [
  'bad-request',
  'not-json',
  'unsupported-media-type',
  'too-large',
  'store-unavailable',
  'log-unavailable',
  'stopping',
] as const
const changes = [...writes, 'unknown-tenant'] as const
const none: Json = { description: 'Done' }
const list = (name: string): Json => answer(name, 'One page')
const { alertPath, alertsPath, deliveryPath, endpointPath, rulePath, silencePath } = requests

function alertOperations(base: string): Json {
  return {
    [`${base}/alerts`]: {
      get: operation('Alerts, the newest first', list('AlertList'), { path: alertsPath, query: requests.alertsQuery, codes: reads }),
    },
    [`${base}/alerts/{alertId}`]: {
      get: operation('One alert: why, since when, who was told', answer('Alert', 'It'), {
        path: alertPath,
        codes: [...reads, 'unknown-alert'],
      }),
    },
    [`${base}/alerts/{alertId}/acknowledge`]: {
      post: operation('Acknowledge: it is not repeated', answer('Alert', 'As it is now'), {
        path: alertPath,
        body: requests.acknowledgeBody,
        codes: [...changes, 'unknown-alert', 'alert-over'],
      }),
    },
    [`${base}/silences`]: {
      get: operation('Silences in force and to come', list('SilenceList'), { path: alertsPath, codes: reads }),
      post: operation('Alerts that match page nobody for a while', answer('Silence', 'It is in force'), {
        path: alertsPath,
        body: requests.silenceBody,
        status: 201,
        codes: [...changes, 'limit-reached'],
      }),
    },
    [`${base}/silences/{id}`]: {
      delete: operation('A silence ends now', none, {
        path: silencePath,
        query: requests.authoredQuery,
        status: 204,
        codes: [...changes, 'unknown-silence'],
      }),
    },
  }
}

function ruleOperations(base: string): Json {
  const changed = answer('AlertRuleChanged', 'In force')
  return {
    [`${base}/alert-rules`]: {
      get: operation('Rules in force, and the last versions', answer('AlertRuleList', 'Rules'), { path: tenantPath, codes: reads }),
    },
    [`${base}/alert-rules/dry-run`]: {
      post: operation('What a rule would have done', answer('DryRun', 'Alerts that it would have begun'), {
        path: tenantPath,
        body: requests.dryRunBody,
        codes: [...changes, 'unknown-kpi', 'not-supported'],
      }),
    },
    [`${base}/alert-rules/{name}`]: {
      put: operation('A rule of the tenant’s own; over one of the installation of that name', changed, {
        path: rulePath,
        body: requests.putRuleBody,
        codes: [...changes, 'unknown-kpi', 'rule-conflict', 'limit-reached'],
      }),
      delete: operation('The tenant’s own rule goes; the installation’s of that name is in force again', changed, {
        path: rulePath,
        query: requests.deleteRuleQuery,
        codes: [...changes, 'unknown-rule', 'rule-not-own', 'rule-conflict'],
      }),
    },
  }
}

function endpointOperations(base: string): Json {
  const codes = [...writes, 'unknown-endpoint'] as const
  const commanded = answer('Commanded', 'It was taken down')
  return {
    [base]: {
      get: operation('Where alerts are sent, and how that goes', list('AlertEndpointList'), { codes: ['store-unavailable'] }),
    },
    [`${base}/{name}/enable`]: {
      post: operation('A disabled endpoint is sent alerts again', commanded, {
        path: endpointPath,
        body: requests.authoredBody,
        status: 202,
        codes,
      }),
    },
    [`${base}/{name}/test`]: {
      post: operation('A message of no alert, to try the endpoint', commanded, {
        path: endpointPath,
        body: requests.authoredBody,
        status: 202,
        codes,
      }),
    },
    [`${base}/{name}/deliveries`]: {
      get: operation('Messages and their attempts, the newest first', list('DeliveryList'), {
        path: endpointPath,
        query: requests.deliveriesQuery,
        codes: ['bad-request', 'unknown-endpoint', 'store-unavailable'],
      }),
    },
    [`${base}/{name}/deliveries/{id}/resend`]: {
      post: operation('The same message once more, under its id', commanded, {
        path: deliveryPath,
        body: requests.authoredBody,
        status: 202,
        codes: [...codes, 'unknown-delivery'],
      }),
    },
  }
}

/** What the alerter serves. */
export function alertPaths(): Json {
  const base = '/v1/tenants/{tenant}'
  return { ...alertOperations(base), ...ruleOperations(base), ...endpointOperations('/v1/alert-endpoints') }
}
