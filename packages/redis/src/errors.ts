import { DeskpulseError, type StreamErrorCode } from '@deskpulse/stream'

/** Answers of a Redis that is there but cannot serve now: it starts, fails over, moves slots, or cannot write its disk. */
const passing =
  /^(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|READONLY|NOREPLICAS|MISCONF|BUSY|UNBLOCKED)\b/
const denied = /^(NOAUTH|WRONGPASS|NOPERM)\b/

/** Redis answered, and the answer is an error. */
export const isReplyError = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'ReplyError'

/** The operating error that a failure of Redis means. Any other answer of Redis is a bug of ours, and is passed on as it is. */
export function storeError(error: unknown, doing: string): unknown {
  if (!(error instanceof Error) || error instanceof DeskpulseError) return error
  Reflect.deleteProperty(error, 'command') // The client hangs it on the error: that of AUTH has the password, others have events.
  const because = (code: StreamErrorCode) =>
    new DeskpulseError(code, `${doing}: ${error.message}`, { cause: error })
  if (!isReplyError(error)) return because('STORE_UNAVAILABLE')
  if (error.message.startsWith('OOM')) return because('STORE_FULL')
  if (denied.test(error.message)) return because('STORE_SETTINGS')
  return passing.test(error.message) ? because('STORE_UNAVAILABLE') : error
}

/** Awaits an answer of Redis; what goes wrong is thrown as the operating error that it means. */
export async function answered<Answer>(doing: string, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer
  } catch (error) {
    throw storeError(error, doing)
  }
}
