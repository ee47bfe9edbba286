import { maskSecrets, type Config } from '@deskpulse/contract'
import { ConfigurationError, loadConfig } from '../config/load-config.ts'
import { createHealth, type Health } from '../health/health.ts'
import { createLogger, type Logger } from '../logging/logger.ts'
import { createMetrics, type Metrics } from '../metrics/metrics.ts'
import { connected } from './connected.ts'
import { supervise, type Running } from './supervise.ts'

/** What every service is given. */
export type ServiceContext = {
  readonly config: Config
  readonly logger: Logger
  readonly metrics: Metrics
  readonly health: Health
}

export type ServiceOptions<Connected> = {
  readonly name: string
  /** Opens the log and the store: `connected`. */
  readonly connect: (context: ServiceContext) => Promise<Connected>
  readonly start: (context: ServiceContext, connected: Connected) => Promise<Running>
}

/** Metrics and health that know each other. */
export function serviceContext(config: Config, logger: Logger): ServiceContext {
  const metrics = createMetrics()
  const health = createHealth((dependency, passed) =>
    metrics.dependencyUp.set({ dependency }, passed ? 1 : 0),
  )
  return { config, logger, metrics, health }
}

/**
 * The whole of a service's process: configuration from the file named by `DESKPULSE_CONFIG` and from the environment, log, metrics, health,
 * waiting for what it needs, start, stop. Exit code 2: the configuration cannot be used.
 */
export async function runService<Connected>({
  name,
  connect,
  start,
}: ServiceOptions<Connected>): Promise<void> {
  let config: Config
  try {
    config = loadConfig({
      file: process.env['DESKPULSE_CONFIG'] ?? null,
      env: process.env,
      start: 'service',
    })
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    console.error(`deskpulse ${name}: ${error.message}`)
    process.exitCode = 2
    return
  }
  const logger = createLogger({ name, level: config.log.level })
  logger.info({ config: maskSecrets(config) }, 'starting')
  const context = serviceContext(config, logger)
  await supervise({
    logger,
    start: async () => start(context, await connected(context, () => connect(context))),
    stopping: () => context.health.startStopping(),
  })
}
