import { DeskpulseError } from '../errors.ts'

const sqliteFull = 13
const sqliteBusy = 5
const sqliteCorrupt = 11
const sqliteNotADatabase = 26

/** What SQLite says, in the port's words. */
export function logError(error: unknown, path: string): unknown {
  if (error instanceof DeskpulseError || !(error instanceof Error) || !('errcode' in error))
    return error
  const primary = Number(error.errcode) & 0xff
  if (primary === sqliteFull)
    return new DeskpulseError('LOG_FULL', `no room left for ${path}: nothing was written`, {
      cause: error,
    })
  if (primary === sqliteCorrupt || primary === sqliteNotADatabase)
    return damaged(path, error.message, error)
  const detail = primary === sqliteBusy ? 'another process has it open' : error.message
  return new DeskpulseError('LOG_UNAVAILABLE', `${path}: ${detail}`, { cause: error })
}

/** The log is the record of truth: what is damaged in it can only come from a copy. */
export function damaged(path: string, detail: string, cause?: unknown): DeskpulseError {
  const mend =
    'stop, see with `deskpulse check` what is left, and put back a copy (docs/operations.md#damaged-files)'
  return new DeskpulseError('LOG_DAMAGED', `${path} is damaged (${detail}): ${mend}`, { cause })
}
