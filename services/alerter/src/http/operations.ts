import {
  alertListSchema,
  alertSchema,
  type AuditAction,
  commandedSchema,
  deliveryListSchema,
  dryRunSchema,
  endpointListSchema,
  type ProblemCode,
  ruleChangedSchema,
  ruleListSchema,
  silenceListSchema,
  silenceSchema,
  webhookBodySchema,
} from '@deskpulse/contract'
import {
  type Api,
  json,
  type Operation,
  type RouteAccess,
  toInstallation,
  toTenant,
} from '@deskpulse/runtime'

const tag = {
  name: 'alerts',
  description: 'What is wrong, who is told, and the rules that say so.',
}
const reads: readonly ProblemCode[] = [
  'bad-request',
  'unknown-tenant',
  'store-unavailable',
  'store-fold-version',
]
/** Of every change. */
const writes: readonly ProblemCode[] = [
  ...(['bad-request', 'cross-site', 'too-large', 'unsupported-media-type'] as const),
  ...(['store-unavailable', 'store-fold-version', 'log-unavailable', 'log-full'] as const),
]
const ofBody: readonly ProblemCode[] = [...writes, 'not-json']
const ofEndpoint: readonly ProblemCode[] = [...ofBody, 'unknown-endpoint']

/** After 5 s without the change. */
const commanded = json(
  commandedSchema,
  'It was taken down, and is done by whoever owns the tenant or endpoint',
)

function read(
  id: string,
  summary: string,
  answer: Operation['answers'][number],
  problems = reads,
  access: RouteAccess = toTenant('read'),
): Operation {
  return { id, tag, summary, access, answers: { 200: answer }, problems }
}

function change(
  id: string,
  changes: AuditAction | null,
  summary: string,
  answers: Operation['answers'],
  problems: readonly ProblemCode[],
  access: RouteAccess = toTenant('alerts'),
): Operation {
  return { id, tag, summary, access, changes, answers, problems }
}

const changedRule = {
  200: json(ruleChangedSchema, 'In force'),
  202: json(ruleChangedSchema, 'It was taken down, and will be in force'),
}

/** What an endpoint of kind `webhook` is sent: of alerts, and of closed periods and appeals where it is configured. */
export const alertWebhooks: NonNullable<Api['webhooks']> = {
  alert: {
    post: {
      operationId: 'receiveAlert',
      tags: [tag.name],
      summary:
        'An alert began, goes on or ended; rows of a closed period were issued; an appeal was filed or decided',
      requestBody: {
        required: true,
        content: { 'application/json': { schema: webhookBodySchema } },
      },
      responses: { '2XX': { description: 'It was received; anything else is tried again' } },
    },
  },
}

/** The addresses of alerts, as the OpenAPI document has them. */
export const operations = {
  alerts: read('listAlerts', 'Alerts, the newest first', json(alertListSchema, 'One page')),
  alert: read('getAlert', 'One alert: why, since when, who was told', json(alertSchema, 'It'), [
    ...reads,
    'unknown-alert',
  ]),
  acknowledge: change(
    'acknowledgeAlert',
    'alert.acknowledge',
    'Acknowledge: it is not repeated',
    { 200: json(alertSchema, 'As it is now'), 202: commanded },
    [...ofBody, 'unknown-tenant', 'unknown-alert', 'alert-over'],
  ),
  silences: read('listSilences', 'Silences in force and to come', json(silenceListSchema, 'All')),
  silence: change(
    'createSilence',
    'silence.create',
    'Alerts that match page nobody for a while: up to `endsAt`, or for `duration`',
    { 201: json(silenceSchema, 'It is in force'), 202: commanded },
    [...ofBody, 'unknown-tenant', 'limit-reached'],
  ),
  endSilence: change(
    'endSilence',
    'silence.end',
    'A silence ends now',
    { 202: commanded, 204: { description: 'It has ended' } },
    [...writes, 'unknown-tenant', 'unknown-silence'],
  ),
  rules: read(
    'listAlertRules',
    'Rules in force, and the last versions',
    json(ruleListSchema, 'Rules'),
  ),
  dryRun: change(
    'tryAlertRule',
    null,
    'What a rule would have done',
    { 200: json(dryRunSchema, 'Alerts that it would have begun') },
    [...ofBody, ...(['unknown-tenant', 'unknown-kpi', 'not-supported', 'overloaded'] as const)],
  ),
  putRule: change(
    'putAlertRule',
    'rule.put',
    'A rule of the tenant’s own; over one of the installation of that name',
    changedRule,
    [...ofBody, ...(['unknown-tenant', 'unknown-kpi', 'rule-conflict', 'limit-reached'] as const)],
  ),
  deleteRule: change(
    'deleteAlertRule',
    'rule.delete',
    'The tenant’s own rule goes; the installation’s of that name is in force again',
    changedRule,
    [...writes, 'unknown-tenant', 'unknown-rule', 'rule-not-own', 'rule-conflict', 'limit-reached'],
  ),
  endpoints: read(
    'listAlertEndpoints',
    'Where alerts are sent, and how that goes',
    json(endpointListSchema, 'All'),
    ['store-unavailable'],
    toInstallation('read'),
  ),
  enable: change(
    'enableAlertEndpoint',
    'endpoint.enable',
    'A disabled endpoint is sent alerts again',
    { 202: commanded },
    ofEndpoint,
    toInstallation('alerts'),
  ),
  test: change(
    'testAlertEndpoint',
    'endpoint.test',
    'A message of no alert, to try the endpoint',
    { 202: commanded },
    ofEndpoint,
    toInstallation('alerts'),
  ),
  deliveries: read(
    'listDeliveries',
    'Messages and their attempts, the newest first',
    json(deliveryListSchema, 'One page'),
    [...(['bad-request', 'unknown-endpoint', 'store-unavailable'] as const)],
    toInstallation('read'),
  ),
  resend: change(
    'resendDelivery',
    'delivery.resend',
    'The same message once more, under its id',
    { 202: commanded },
    [...ofEndpoint, 'unknown-delivery'],
    toInstallation('alerts'),
  ),
} as const satisfies Readonly<Record<string, Operation>>
