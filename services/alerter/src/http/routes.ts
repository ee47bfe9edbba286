import * as contract from '@deskpulse/contract'
import type { ZodTypes } from '@deskpulse/runtime'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { AlerterHttpDeps } from './deps.ts'
import { dryRuns } from './dry-run.ts'
import { sendJson } from './json.ts'
import { operations } from './operations.ts'
import { pageRoutes } from './page.ts'
import { alertList, oneAlert } from './reads/alerts.ts'
import { deliveryList } from './reads/deliveries.ts'
import { endpointList } from './reads/endpoints.ts'
import { ruleList } from './reads/rules.ts'
import { silenceList } from './reads/silences.ts'
import { acknowledge, endSilence, silence } from './writes/alerts.ts'
import { commandEndpoint, resend } from './writes/endpoints.ts'
import { deleteRule, putRule } from './writes/rules.ts'

/**
 * What people see and ask of alerts, as a Fastify plugin of a server of runtime's (`httpServer`): `/v1/tenants/{tenant}/alerts`, `…/silences`,
 * `…/alert-rules`, `/v1/alert-endpoints`, and the page `/alerts`. Stores and log stay the caller's.
 */
export function alerterRoutes(deps: AlerterHttpDeps): FastifyPluginAsync {
  return async (app) => {
    alertRoutes(app, deps)
    ruleRoutes(app, deps)
    endpointRoutes(app, deps)
    await pageRoutes(app, deps)
  }
}

const base = '/v1/tenants/:tenant'

function alertRoutes(instance: FastifyInstance, deps: AlerterHttpDeps): void {
  const { nowMs = Date.now } = deps
  const app = instance.withTypeProvider<ZodTypes>()

  const alerts = {
    params: contract.alertsPath,
    querystring: contract.alertsQuery,
    operation: operations.alerts,
  }
  app.get(`${base}/alerts`, { schema: alerts }, async ({ params, query }, reply) =>
    sendJson(reply, await alertList(deps, params.tenant, query, nowMs())),
  )
  const alert = { params: contract.alertPath, operation: operations.alert }
  app.get(
    `${base}/alerts/:alertId`,
    { schema: alert },
    async ({ params: { tenant, alertId } }, reply) =>
      sendJson(reply, await oneAlert(deps, tenant, alertId, nowMs())),
  )
  const acknowledged = {
    params: contract.alertPath,
    body: contract.acknowledgeBody,
    operation: operations.acknowledge,
  }
  app.post(`${base}/alerts/:alertId/acknowledge`, { schema: acknowledged }, (request, reply) =>
    acknowledge(deps, request, reply, nowMs()),
  )

  const silences = { params: contract.alertsPath, operation: operations.silences }
  app.get(`${base}/silences`, { schema: silences }, async ({ params }, reply) =>
    sendJson(reply, await silenceList(deps, params.tenant, nowMs())),
  )
  const silenced = {
    params: contract.alertsPath,
    body: contract.silenceBody,
    operation: operations.silence,
  }
  app.post(`${base}/silences`, { schema: silenced }, (request, reply) =>
    silence(deps, request, reply, nowMs()),
  )
  const ended = {
    params: contract.silencePath,
    querystring: contract.authoredQuery,
    operation: operations.endSilence,
  }
  app.delete(`${base}/silences/:id`, { schema: ended }, (request, reply) =>
    endSilence(deps, request, reply, nowMs()),
  )
}

function ruleRoutes(instance: FastifyInstance, deps: AlerterHttpDeps): void {
  const app = instance.withTypeProvider<ZodTypes>()

  const rules = { params: contract.tenantPath, operation: operations.rules }
  app.get(`${base}/alert-rules`, { schema: rules }, async ({ params }, reply) =>
    sendJson(reply, await ruleList(deps, params.tenant)),
  )
  const tried = {
    params: contract.tenantPath,
    body: contract.dryRunBody,
    operation: operations.dryRun,
  }
  app.post(`${base}/alert-rules/dry-run`, { schema: tried }, dryRuns(deps))

  const headers = contract.ruleHeaders
  const put = {
    params: contract.rulePath,
    headers,
    body: contract.putRuleBody,
    operation: operations.putRule,
  }
  app.put(`${base}/alert-rules/:name`, { schema: put }, (request, reply) =>
    putRule(deps, request, reply),
  )
  const deleted = {
    params: contract.rulePath,
    headers,
    querystring: contract.deleteRuleQuery,
    operation: operations.deleteRule,
  }
  app.delete(`${base}/alert-rules/:name`, { schema: deleted }, (request, reply) =>
    deleteRule(deps, request, reply),
  )
}

function endpointRoutes(instance: FastifyInstance, deps: AlerterHttpDeps): void {
  const { nowMs = Date.now } = deps
  const app = instance.withTypeProvider<ZodTypes>()
  const all = '/v1/alert-endpoints'
  const one = `${all}/:name`

  app.get(all, { schema: { operation: operations.endpoints } }, async (_request, reply) =>
    sendJson(reply, await endpointList(deps)),
  )
  const command = { params: contract.endpointPath, body: contract.authoredBody }
  app.post(
    `${one}/enable`,
    { schema: { ...command, operation: operations.enable } },
    (request, reply) => commandEndpoint(deps, 'enable-endpoint', request, reply, nowMs()),
  )
  app.post(
    `${one}/test`,
    { schema: { ...command, operation: operations.test } },
    (request, reply) => commandEndpoint(deps, 'test-endpoint', request, reply, nowMs()),
  )
  const deliveries = {
    params: contract.endpointPath,
    querystring: contract.deliveriesQuery,
    operation: operations.deliveries,
  }
  app.get(`${one}/deliveries`, { schema: deliveries }, async ({ params, query }, reply) =>
    sendJson(reply, await deliveryList(deps, params.name, query)),
  )
  const resent = {
    params: contract.deliveryPath,
    body: contract.authoredBody,
    operation: operations.resend,
  }
  app.post(`${one}/deliveries/:id/resend`, { schema: resent }, (request, reply) =>
    resend(deps, request, reply, nowMs()),
  )
}
