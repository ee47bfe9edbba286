import { parseConfig, type Config } from '@deskpulse/contract'
import { expect, test } from 'vitest'
import { createLogger } from '../logging/logger.ts'
import { serviceContext } from './run-service.ts'

function configOf(raw: unknown): Config {
  const parsed = parseConfig(raw)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  return parsed.config
}

test('a failed readiness check is seen in the metric of its dependency', async () => {
  const { health, metrics } = serviceContext(
    configOf({}),
    createLogger({ name: 'test', level: 'silent' }),
  )
  health.add('log', () => false)
  await health.readiness()
  expect((await metrics.dependencyUp.get()).values).toEqual([
    expect.objectContaining({ labels: { dependency: 'log' }, value: 0 }),
  ])
})
