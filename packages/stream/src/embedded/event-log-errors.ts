import { DeskpulseError } from '../errors.ts'

const sqliteFull = 13
const sqliteBusy = 5

/** What SQLite says, in the port's words. */
export function logError(error: unknown, path: string): unknown {
  if (error instanceof DeskpulseError || !(error instanceof Error) || !('errcode' in error)) return error
  const primary = Number(error.errcode) & 0xff
  if (primary === sqliteFull) return new DeskpulseError('LOG_FULL', `no room left for ${path}: nothing was written`, { cause: error })
  const detail = primary === sqliteBusy ? 'another process has it open' : error.message
  return new DeskpulseError('LOG_UNAVAILABLE', `${path}: ${detail}`, { cause: error })
}
