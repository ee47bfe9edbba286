export { shippedRules } from './alerts.ts'
export type { Environment } from './environment.ts'
export { maskSecrets } from './mask.ts'
export {
  type AlertsConfig,
  type Config,
  type ConfigError,
  type HttpConfig,
  type IngestConfig,
  type KafkaConfig,
  type ParsedConfig,
  parseConfig,
  type RedisConfig,
} from './parse.ts'
export { tenantConfigOf, type TenantSettings } from './tenant.ts'
export * from './endpoint.ts'
