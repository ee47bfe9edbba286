import { pino, type DestinationStream, type Level, type Logger } from 'pino'

export type { Logger } from 'pino'

const secretNames = ['password', 'secret', 'pseudonymise', 'authorization', 'cookie', 'set-cookie']
const anywhere = (name: string): readonly string[] =>
  ['', '*.', '*.*.', '*.*.*.'].map((depth) => `${depth}["${name}"]`)

export type LoggerOptions = {
  /** The service. */
  readonly name: string
  readonly level: Level | 'silent'
  /** Default: standard output. */
  readonly destination?: DestinationStream | 'stderr'
}

/**
 * JSON lines with RFC 3339 times. Values under the names of secrets are masked, down to three levels; whole configurations are logged through
 * `maskSecrets` alone. Messages of customers, names and original bytes are never logged.
 */
export function createLogger({ name, level, destination }: LoggerOptions): Logger {
  return pino(
    {
      name,
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: secretNames.flatMap(anywhere).map((path) => path.replace('.[', '[')),
        censor: '***',
      },
    },
    destination === undefined
      ? pino.destination(1)
      : destination === 'stderr'
        ? pino.destination(2)
        : destination,
  )
}
