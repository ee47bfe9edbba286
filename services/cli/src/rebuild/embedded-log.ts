import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DeskpulseError, embeddedEventLog, type EventLog } from '@deskpulse/stream'
import { CommandFailure, reasonOf } from '../command-line/failure.ts'

const logFile = 'log.sqlite'

/** The data directory of a product that is started later, where there is none yet. @returns whether there was none. @throws CommandFailure */
export function makeDataDir(folder: string): boolean {
  if (existsSync(join(folder, logFile))) return false
  try {
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    throw new CommandFailure(`${folder} cannot be made: ${reasonOf(error)}`, { cause: error })
  }
  return true
}

/**
 * The log of an embedded product that is stopped. Its file is locked for as long as it is open: no product starts meanwhile.
 * @param purpose what the user is to do once the product is stopped.
 * @param isMade whether the log may be missing, and is made then.
 * @throws CommandFailure when the folder is of no product, or in use.
 */
export function openEmbeddedLog(folder: string, purpose: string, isMade = false): EventLog {
  const file = join(folder, logFile)
  if (!isMade && !existsSync(file))
    throw new CommandFailure(
      `${file} does not exist: is ${folder} the data directory of a product that was started?`,
    )
  try {
    return embeddedEventLog({ file })
  } catch (error) {
    if (!(error instanceof DeskpulseError) || !/another process/.test(error.message)) throw error
    throw new CommandFailure(
      `${folder} is in use by another process: stop the product, then ${purpose}`,
      { cause: error },
    )
  }
}
