import { parseConfig, type Config } from '@deskpulse/contract'
import { expect, test, vi } from 'vitest'
import { createLogger } from '../logging/logger.ts'
import { serviceContext } from './run-service.ts'

function configOf(raw: unknown): Config {
  const parsed = parseConfig(raw)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  return parsed.config
}

test.each([
  { alerts: { endpoints: [{ name: 'floor', kind: 'webhook', url: 'https://example.com/hook' }] }, warnings: 1 },
  { alerts: {}, warnings: 0 },
])('alerts that are configured are said not to be sent yet ($warnings)', ({ alerts, warnings }) => {
  const logger = createLogger({ name: 'test', level: 'silent' })
  const warn = vi.spyOn(logger, 'warn')
  serviceContext(configOf({ alerts }), logger)
  expect(warn).toHaveBeenCalledTimes(warnings)
})

test('a failed readiness check is seen in the metric of its dependency', async () => {
  const { health, metrics } = serviceContext(configOf({}), createLogger({ name: 'test', level: 'silent' }))
  health.add('log', () => false)
  await health.readiness()
  expect((await metrics.dependencyUp.get()).values).toEqual([expect.objectContaining({ labels: { dependency: 'log' }, value: 0 })])
})
