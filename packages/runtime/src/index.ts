export {
  configErrorText,
  ConfigurationError,
  loadConfig,
  simulatedTenant,
  type ConfigSource,
} from './config/load-config.ts'
export { createHealth, type Health, type HealthCheck, type Readiness } from './health/health.ts'
export { lastingFailures, type LastingFailures } from './health/lasting-failures.ts'
export { watchTopics } from './health/watch-topics.ts'
export type { Change, WriteAudit } from './http/access/changes.ts'
export {
  type Authenticated,
  type Authenticator,
  type Guard,
  openGuard,
} from './http/access/guard.ts'
export { everybody, mayDo, mayTouch, type Principal } from './http/access/principal.ts'
export {
  accessOf,
  type RouteAccess,
  toAnyone,
  toHolder,
  toInstallation,
  toTenant,
} from './http/access/route-access.ts'
export { plainSessionCookie, sessionCookie } from './http/access/session-cookie.ts'
export type { Api } from './http/openapi.ts'
export { Refused, refuse, sendProblem } from './http/problems.ts'
export { json, type Operation, type ZodTypes } from './http/route-schema.ts'
export { httpServer, type HttpServerOptions } from './http/server.ts'
export { siteOf, type Site } from './http/site.ts'
export { servePage } from './http/static-page.ts'
export { connected } from './lifecycle/connected.ts'
export {
  runService,
  serviceContext,
  type ServiceContext,
  type ServiceOptions,
} from './lifecycle/run-service.ts'
export { supervise, type ProcessHost, type Running } from './lifecycle/supervise.ts'
export { createLogger, type Logger, type LoggerOptions } from './logging/logger.ts'
export { boundedLabel } from './metrics/bounded-label.ts'
export { metricCatalogue, type MetricSpec } from './metrics/catalogue.ts'
export { createMetrics, type Metrics } from './metrics/metrics.ts'
export { refusalCounter, type RefusalLabels } from './metrics/refusals.ts'
