import { alertPath, alertsPath, alertsQuery, deliveriesQuery, endpointPath, tenantPath } from '@deskpulse/contract'
import type { FastifyPluginAsync } from 'fastify'
import { readBodies } from './body.ts'
import type { AlerterHttpDeps } from './deps.ts'
import { dryRuns } from './dry-run.ts'
import { type Handler, offer, sendJson } from './exchange.ts'
import { pageRoutes } from './page.ts'
import { sendError } from './problems.ts'
import { alertList, oneAlert } from './reads/alerts.ts'
import { deliveryList } from './reads/deliveries.ts'
import { endpointList } from './reads/endpoints.ts'
import { ruleList } from './reads/rules.ts'
import { silenceList } from './reads/silences.ts'
import { acknowledge, endSilence, silence } from './writes/alerts.ts'
import { commandEndpoint, resend } from './writes/endpoints.ts'
import { deleteRule, putRule } from './writes/rules.ts'

/**
 * What people see and ask of alerts, as a Fastify plugin: `/v1/tenants/{tenant}/alerts`, `…/silences`, `…/alert-rules`, `/v1/alert-endpoints`, and the
 * page `/alerts`. Registered beside other routes of the same server. Stores and log stay the caller's.
 */
export function alerterRoutes(deps: AlerterHttpDeps): FastifyPluginAsync {
  const { nowMs = Date.now, config } = deps
  const ownOrigin = config.alerts.publicUrl === null ? null : (URL.parse(config.alerts.publicUrl)?.origin ?? null)

  return async (app) => {
    readBodies(app)
    app.setErrorHandler(async (error, _request, reply) => sendError(reply, error))
    const at = (url: string, handlers: Parameters<typeof offer>[2]): void => offer(app, url, handlers, ownOrigin)
    const answer =
      (make: (exchange: Parameters<Handler>[0]) => Promise<object>): Handler =>
      async (exchange) =>
        sendJson(exchange.reply, await make(exchange))

    const base = '/v1/tenants/:tenant'
    at(`${base}/alerts`, {
      GET: answer(async ({ path, query }) => alertList(deps, path(alertsPath).tenant, query(alertsQuery), nowMs())),
    })
    at(`${base}/alerts/:alertId`, {
      GET: answer(async ({ path }) => {
        const { tenant, alertId } = path(alertPath)
        return oneAlert(deps, tenant, alertId, nowMs())
      }),
    })
    at(`${base}/alerts/:alertId/acknowledge`, { POST: (exchange) => acknowledge(deps, exchange, nowMs()) })
    at(`${base}/silences`, {
      GET: answer(async ({ path }) => silenceList(deps, path(alertsPath).tenant, nowMs())),
      POST: (exchange) => silence(deps, exchange, nowMs()),
    })
    at(`${base}/silences/:id`, { DELETE: (exchange) => endSilence(deps, exchange, nowMs()) })

    at(`${base}/alert-rules`, { GET: answer(async ({ path }) => ruleList(deps, path(tenantPath).tenant)) })
    at(`${base}/alert-rules/dry-run`, { POST: dryRuns(deps) })
    at(`${base}/alert-rules/:name`, { PUT: (exchange) => putRule(deps, exchange), DELETE: (exchange) => deleteRule(deps, exchange) })

    const endpoint = '/v1/alert-endpoints/:name'
    at('/v1/alert-endpoints', { GET: answer(async () => endpointList(deps)) })
    at(`${endpoint}/enable`, { POST: (exchange) => commandEndpoint(deps, 'enable-endpoint', exchange, nowMs()) })
    at(`${endpoint}/test`, { POST: (exchange) => commandEndpoint(deps, 'test-endpoint', exchange, nowMs()) })
    at(`${endpoint}/deliveries`, {
      GET: answer(async ({ path, query }) => deliveryList(deps, path(endpointPath).name, query(deliveriesQuery))),
    })
    at(`${endpoint}/deliveries/:id/resend`, { POST: (exchange) => resend(deps, exchange, nowMs()) })

    await pageRoutes(app, deps)
  }
}
