import { logLevel } from 'kafkajs'
import type { logCreator } from 'kafkajs'

export type KafkaLogLevel = 'error' | 'warn' | 'info' | 'debug'
/** Where the client's own words go; the program's logger is given here, none is imported. */
export type KafkaLogger = (level: KafkaLogLevel, message: string, detail: Readonly<Record<string, unknown>>) => void

export function logTo(logger: KafkaLogger): logCreator {
  return () =>
    ({ namespace, level, log: { message, timestamp: _, logger: __, ...detail } }) => {
      logger(nameOf(level), namespace ? `kafkajs ${namespace}: ${message}` : `kafkajs: ${message}`, detail)
    }
}

function nameOf(level: logLevel): KafkaLogLevel {
  if (level <= logLevel.ERROR) return 'error'
  if (level <= logLevel.WARN) return 'warn'
  return level <= logLevel.INFO ? 'info' : 'debug'
}
