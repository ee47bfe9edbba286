import type { DatabaseSync } from 'node:sqlite'
import { DeskpulseError } from '../errors.ts'

// SQLite's primary result codes: https://www.sqlite.org/rescode.html
const busy = 5
const locked = 6
const ioError = 10
const full = 13
const cannotOpen = 14
const corrupt = 11
const notADatabase = 26

/** The operating error that a failure of SQLite means; anything else is a bug, and is passed on as it is. `file`: whose failure it is. */
export function storeError(
  error: unknown,
  doing: string,
  file: string,
  whenDamaged = 'put back a copy, or remove it',
): unknown {
  if (!(error instanceof Error) || !('errcode' in error)) return error
  switch (Number(error.errcode) & 0xff) {
    case full:
      return new DeskpulseError(
        'STORE_FULL',
        `${doing}: the disk or the file's limit is full; nothing was written`,
        { cause: error },
      )
    case busy:
    case locked:
    case ioError:
    case cannotOpen:
      return new DeskpulseError('STORE_UNAVAILABLE', `${doing}: ${error.message}`, { cause: error })
    case corrupt:
    case notADatabase: {
      const mend = `stop, and ${whenDamaged} (docs/operations.md#damaged-files)`
      return new DeskpulseError(
        'STORE_DAMAGED',
        `${file} is damaged (${doing}: ${error.message}): ${mend}`,
        { cause: error },
      )
    }
    default:
      return error
  }
}

/** The store's file, and what is to be done when it is damaged. */
export type StoreFile = { readonly file: string; readonly whenDamaged?: string }

/** Runs `work` in one transaction: all of it or, when it throws, nothing. */
export function inTransaction<Result>(
  database: DatabaseSync,
  begin: 'BEGIN' | 'BEGIN IMMEDIATE',
  doing: string,
  work: () => Result,
  { file, whenDamaged }: StoreFile,
): Result {
  if (!database.isOpen)
    throw new DeskpulseError('STORE_UNAVAILABLE', `${doing}: the store is closed`)
  try {
    database.exec(begin)
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // SQLite may have rolled back by itself, as it does on a full disk.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw storeError(error, doing, file, whenDamaged)
  }
}
