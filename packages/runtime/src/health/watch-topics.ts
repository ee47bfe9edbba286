import { isAway } from '../lifecycle/connected.ts'
import type { ServiceContext } from '../lifecycle/run-service.ts'
import { periodicCheck, type PeriodicCheck } from './periodic-check.ts'

/** Adds the readiness check `topics`: whether they still are what they were at the start. `look` throws when they are not. */
export function watchTopics(
  { config, logger, health }: ServiceContext,
  look: () => Promise<void>,
): Pick<PeriodicCheck, 'stop'> {
  const everyMs = config.health.checkTopicsEvery
  const watch = periodicCheck({
    look,
    isUnknown: isAway,
    everyMs,
    logger,
    what: 'the topics are not what they must be',
  })
  health.add('topics', () => watch.check())
  return watch
}
