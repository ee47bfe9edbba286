import type { AlertRule } from '@deskpulse/core/alerts'
import { type Config, type ConfigError, parseConfig } from '../index.ts'

export function parsed(alerts: unknown, rest: object = {}): Config {
  const outcome = parseConfig({ alerts, ...rest })
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors))
  return outcome.config
}

export function errorsOf(alerts: unknown, rest: object = {}): readonly ConfigError[] {
  const outcome = parseConfig({ alerts, ...rest })
  return outcome.ok ? [] : outcome.errors
}

export const ruleOf = (rules: readonly AlertRule[], name: string): AlertRule | undefined =>
  rules.find((rule) => rule.name === name)

/** A webhook's secret of so many bytes. */
export const secret = (bytes: number): string =>
  `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`

export const floor = {
  name: 'floor',
  kind: 'webhook',
  url: 'https://floor.example/hook',
  secret: secret(32),
}
export const waiting = { name: 'vip', kind: 'deadline', subject: 'contact', limit: '10s' }
export const slow = {
  name: 'slow',
  kind: 'windowed',
  kpi: 'response_time',
  window: '5m',
  comparison: 'above',
  threshold: '30s',
}
