import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { eventLimits } from '@deskpulse/contract'
import { CommandFailure, reasonOf } from '../command-line/failure.ts'

/** A file is read and judged as a whole: at some 100 bytes a row, 300,000 rows. */
export const importBytesMax = 32 * 1024 ** 2

export type ImportFile = {
  readonly name: string
  readonly bytes: Uint8Array
  /** When it was changed last. */
  readonly changedMs: number
}

/** @throws CommandFailure for a file that is not there, too large, or changed after `nowMs`. */
export async function readImportFile(path: string, nowMs: number): Promise<ImportFile> {
  const name = basename(path)
  try {
    await using handle = await open(path)
    const stat = await handle.stat()
    if (stat.size > importBytesMax)
      throw new CommandFailure(`${name} has more than ${importBytesMax} bytes: cut it into several`)
    const changedMs = Math.floor(stat.mtimeMs)
    if (changedMs > nowMs + eventLimits.futureMsMax)
      throw new CommandFailure(
        `${name} was changed at ${stat.mtime.toISOString()}, which is ahead of the clock: touch it`,
      )
    return { name, bytes: await handle.readFile(), changedMs }
  } catch (error) {
    if (error instanceof CommandFailure) throw error
    throw new CommandFailure(`${path} cannot be read: ${reasonOf(error)}`, { cause: error })
  }
}
