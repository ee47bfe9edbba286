import { inputsOf } from '@deskpulse/contract'
import type { ServiceContext } from '@deskpulse/runtime'
import type { DeadLettersKept } from './data-dir.ts'

/** The configuration's bounds of dead letters; what goes before its time is counted and warned of. */
export function deadLettersKept(
  { config, logger, metrics }: Omit<ServiceContext, 'health'>,
  topic: string,
): DeadLettersKept {
  return {
    topic,
    ...config.deadLetters,
    onDropped(headers) {
      const inputs = headers.reduce((sum, one) => sum + inputsOf(one), 0)
      metrics.deadLettersDropped.inc(inputs)
      logger.warn({ inputs }, 'the file of dead letters was full: the oldest are gone')
    },
    onFailure: (error) =>
      logger.warn({ err: error }, 'old dead letters could not be removed or moved; trying again'),
  }
}
