export { type AlertsConfig, baseRules } from './alerts/alerts-config.ts'
export {
  completeRule,
  type CompletedRule,
  type RuleContext,
  ruleContextOf,
  type RuleView,
  ruleView,
} from './alerts/complete-rule.ts'
export { type RuleInput, ruleInputSchema } from './alerts/schema.ts'
export type { Environment } from './environment.ts'
export { maskSecrets } from './mask.ts'
export type { ConfigError } from './config-error.ts'
export { authModeExpected, type StartRules } from './faults-between.ts'
export { nearest } from './nearest.ts'
export {
  type AuthConfig,
  type Config,
  type HttpConfig,
  type IngestConfig,
  type KafkaConfig,
  type OidcConfig,
  type ParsedConfig,
  type ParseConfigOptions,
  parseConfig,
  type RedisConfig,
} from './parse.ts'
export { type ChosenPreset, presets } from './presets.ts'
export { type ClientTls, isPair } from './wires.ts'
export { tenantConfigOf, type TenantSettings } from './tenant.ts'
export * from './endpoint.ts'
