import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import type { FlatRow, RowTable } from '@deskpulse/contract'
import { CommandFailure, reasonOf } from '../command-line/failure.ts'
import { type ExportFormat, textOf } from './formats.ts'
import { writeParquet } from './parquet.ts'

/**
 * Writes a table beside the file, and puts it in its place once it is whole: a file that is there is an old one or a whole one.
 * @throws CommandFailure when it cannot be written.
 */
export async function writeTable(
  file: string,
  format: ExportFormat,
  table: RowTable,
  records: Iterable<FlatRow>,
): Promise<void> {
  const part = `${file}.part`
  try {
    if (format === 'parquet') await writeParquet(part, table, records)
    else writeText(part, textOf(format, table, records))
    renameSync(part, file)
  } catch (error) {
    rmSync(part, { force: true })
    throw new CommandFailure(`${file} cannot be written: ${reasonOf(error)}`, { cause: error })
  }
}

function writeText(file: string, pieces: Iterable<string>): void {
  const descriptor = openSync(file, 'w')
  try {
    for (const piece of pieces) {
      const bytes = Buffer.from(piece)
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at)
    }
  } finally {
    closeSync(descriptor)
  }
}
