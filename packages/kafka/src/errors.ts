import { DeskpulseError, type StreamErrorCode } from '@deskpulse/stream'

/** What KafkaJS threw, in the port's words: the protocol's own error, however often it was wrapped, decides. */
export function logError(error: unknown, doing: string): DeskpulseError {
  if (error instanceof DeskpulseError) return error
  const message = `${doing}: ${error instanceof Error ? error.message : String(error)}`
  return new DeskpulseError(codeOf(protocolErrors(error)), message, { cause: error })
}

function codeOf(types: readonly string[]): StreamErrorCode {
  if (types.includes('UNKNOWN_TOPIC_OR_PARTITION') || types.includes('INVALID_TOPIC_EXCEPTION'))
    return 'LOG_TOPIC_UNKNOWN'
  if (types.includes('MESSAGE_TOO_LARGE') || types.includes('RECORD_LIST_TOO_LARGE'))
    return 'LOG_RECORD_TOO_LARGE'
  return 'LOG_UNAVAILABLE'
}

/** The names of the protocol's errors in `error` and its causes. */
export function protocolErrors(error: unknown): string[] {
  if (!(error instanceof Error)) return []
  const own = 'type' in error && typeof error.type === 'string' ? [error.type] : []
  return [...own, ...protocolErrors(error.cause)]
}
