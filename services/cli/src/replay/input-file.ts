import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { CommandFailure, reasonOf } from '../command-line/failure.ts'

export type InputFormat = 'ndjson' | 'xes'

export type InputFile = {
  readonly name: string
  /** Size on disk: what progress is measured against. */
  readonly sizeBytes: number
  /** Bytes of the disk file read so far. */
  readBytes(): number
  /** The content, unpacked where the file is gzip (by its first bytes, whatever its name). To be iterated once. */
  readonly bytes: AsyncIterable<Uint8Array>
}

const chunkBytes = 16 * 1024 // Small enough for a progress bar that moves on a small file.

/** @throws CommandFailure when there is no such file, or it cannot be read or unpacked (while iterating). */
export async function openInputFile(path: string): Promise<InputFile> {
  const { sizeBytes, gzip } = await examine(path)
  const file = createReadStream(path, { highWaterMark: chunkBytes })
  const content: Readable = gzip ? pipeline(file, createGunzip(), () => {}) : file
  return {
    name: basename(path),
    sizeBytes,
    readBytes: () => file.bytesRead,
    bytes: explained(path, content),
  }
}

/** By the name, without `.gz`; `null` when it tells nothing. */
export function formatOfName(path: string): InputFormat | null {
  const name = path.toLowerCase().replace(/\.gz$/, '')
  if (name.endsWith('.xes')) return 'xes'
  return /\.(ndjson|jsonl|json)$/.test(name) ? 'ndjson' : null
}

async function examine(path: string): Promise<{ sizeBytes: number; gzip: boolean }> {
  try {
    await using handle = await open(path)
    const stat = await handle.stat()
    if (stat.isDirectory()) throw new CommandFailure(`${path} is a directory, not a file`)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    return {
      sizeBytes: stat.size,
      gzip: bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b,
    }
  } catch (error) {
    if (error instanceof CommandFailure) throw error
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw new CommandFailure(
      missing ? `there is no file ${path}` : `${path} cannot be read: ${reasonOf(error)}`,
      { cause: error },
    )
  }
}

async function* explained(path: string, content: Readable): AsyncIterable<Uint8Array> {
  try {
    yield* content as AsyncIterable<Uint8Array>
  } catch (error) {
    throw new CommandFailure(`${path} cannot be read: ${reasonOf(error)}`, { cause: error })
  }
}
