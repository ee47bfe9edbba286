import { createLogger, loadConfig, serviceContext, supervise } from '@deskpulse/runtime'
import { parseOptions, usage, type Options } from './options.ts'
import { startStandalone } from './standalone.ts'
import { exitCodeOf, sentenceOf } from './start-error.ts'

/** Standard output has one line, the address; the log goes to standard error, and says only what is out of order. */
async function run({ host, port, configFile, ...options }: Options): Promise<void> {
  const config = loadConfig({
    file: configFile ?? process.env['DESKPULSE_CONFIG'] ?? null,
    env: process.env,
    start: 'embedded',
  })
  const logger = createLogger({ name: 'deskpulse', level: config.log.level, destination: 'stderr' })
  const context = serviceContext(config, logger)
  const { http } = config
  const standalone = await startStandalone({
    ...context,
    host: host ?? http.host,
    port: port ?? http.port,
    ...options,
  })
  await supervise({
    logger,
    start: () => Promise.resolve(standalone),
    stopping: () => context.health.startStopping(),
  })
  if (standalone.isOpen)
    console.log('Deskpulse is open: whoever reaches it may read and change everything.')
  console.log(`Deskpulse is ready: ${standalone.address}`)
}

const parsed = parseOptions(process.argv.slice(2))
switch (parsed.kind) {
  case 'help':
    console.log(usage)
    break
  case 'bad':
    console.error(`deskpulse: ${parsed.message}\n\n${usage}`)
    process.exitCode = 2
    break
  case 'run':
    try {
      await run(parsed.options)
    } catch (error) {
      console.error('deskpulse:', sentenceOf(error) ?? error)
      process.exit(exitCodeOf(error))
    }
}
