import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DeskpulseError, embeddedEventLog, type EventLog } from '@deskpulse/stream'
import { CommandFailure } from '../command-line/failure.ts'

/**
 * The log of an embedded product that is stopped. Its file is locked for as long as it is open: no product starts meanwhile.
 * @param purpose what the user is to do once the product is stopped.
 * @throws CommandFailure when the folder is of no product, or in use.
 */
export function openEmbeddedLog(folder: string, purpose: string): EventLog {
  const file = join(folder, 'log.sqlite')
  if (!existsSync(file))
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
