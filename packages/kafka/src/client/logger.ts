import kafkajs from 'kafkajs'
import type { logCreator, logLevel } from 'kafkajs'

export type KafkaLogLevel = 'warn' | 'info' | 'debug'
/** Where the client's own words go; the program's logger is given here, none is imported. */
export type KafkaLogger = (
  level: KafkaLogLevel,
  message: string,
  detail: Readonly<Record<string, unknown>>,
) => void

/** Many times a second while a consumer catches up: no partition is fetched past what its handler has room for. */
const flowControl = /^(Pausing|Resuming) fetching/

export function logTo(logger: KafkaLogger): logCreator {
  return () =>
    ({ namespace, level, log: { message, ...detail } }) => {
      logger(
        flowControl.test(message) ? 'debug' : nameOf(level),
        namespace ? `kafkajs ${namespace}: ${message}` : `kafkajs: ${message}`,
        detail,
      )
    }
}

/** KafkaJS calls an error what it will try again; what is one in the end comes as an exception. */
function nameOf(level: logLevel): KafkaLogLevel {
  if (level <= kafkajs.logLevel.WARN) return 'warn'
  return level <= kafkajs.logLevel.INFO ? 'info' : 'debug'
}
