import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '@deskpulse/contract'
import {
  consumerGroup,
  DeskpulseError,
  embeddedStateStore,
  type EventLog,
  type StateStore,
  type StreamErrorCode,
  topicNames,
} from '@deskpulse/stream'
import { CommandFailure } from '../command-line/failure.ts'
import type { Context } from '../commands/command.ts'
import { openEmbeddedLog } from './embedded-log.ts'
import { foldLog, type FoldedLog } from './fold.ts'

export type EmbeddedRebuild = {
  /** The data directory of a product that is stopped. */
  readonly folder: string
  readonly config: Pick<Config, 'tenants'>
  /** The new state's file grows no further. Default: as large as the disk. */
  readonly bytesMax?: number
}

/** Beside the state that stands; no product reads it. */
const newName = 'store-rebuilding.sqlite'
const companions = ['', '-wal', '-shm', '-journal'] as const

/**
 * Makes the state of an embedded product again from its log, beside the one that stands, and puts it in its place in one step. Until then, and after
 * any end before, the one that stood is as it was.
 * @throws CommandFailure, DeskpulseError
 */
export async function rebuildEmbedded(
  { folder, config, bytesMax }: EmbeddedRebuild,
  context: Context,
): Promise<FoldedLog> {
  const [file, made] = [join(folder, 'store.sqlite'), join(folder, newName)]
  await using opened = new AsyncDisposableStack()
  const log = openEmbeddedLog(folder, 'rebuild')
  opened.defer(() => log.close())
  if (existsSync(made))
    context.terminal.err(`${made} is of a rebuild that did not end: it is thrown away\n`)
  remove(made)
  const before = await openBefore(file, context)
  opened.defer(() => before?.close())
  try {
    const folded = await foldInto(made, { log, before, config, bytesMax }, context)
    // Closed, the state that stood is all in its one file.
    await before?.close()
    put(made, file, folder)
    return folded
  } catch (error) {
    remove(made)
    throw error instanceof DeskpulseError && error.code === 'STORE_FULL'
      ? noRoom(made, error)
      : error
  }
}

type Folding = Pick<EmbeddedRebuild, 'config' | 'bytesMax'> & {
  readonly log: EventLog
  readonly before: StateStore | null
}

async function foldInto(
  made: string,
  { log, before, config, bytesMax }: Folding,
  context: Context,
): Promise<FoldedLog> {
  const topics = topicNames()
  const store = await embeddedStateStore({ file: made, bytesMax })
  try {
    const group = consumerGroup(topics.log, `rebuild-${randomUUID()}`)
    return await foldLog(
      { log, topics, store, before, group, configured: (tenant) => config.tenants[tenant]?.config },
      context,
    )
  } finally {
    await store.close()
  }
}

/** What says that a state cannot be read, now and later: it was made otherwise, or is damaged. */
const lostBy: ReadonlySet<StreamErrorCode> = new Set(['STORE_DAMAGED', 'STORE_LAYOUT'])

/** `null`: there is none, or none that can be read. */
async function openBefore(file: string, { terminal }: Context): Promise<StateStore | null> {
  if (!existsSync(file)) return null
  try {
    return await embeddedStateStore({ file })
  } catch (error) {
    if (!(error instanceof DeskpulseError) || !lostBy.has(error.code)) throw error
    terminal.err(`the state that stands cannot be read, and counts as lost: ${error.message}\n`)
    return null
  }
}

/** In one step, also for a machine whose power goes. */
function put(made: string, file: string, folder: string): void {
  sync(made)
  for (const companion of companions.slice(1)) rmSync(file + companion, { force: true })
  renameSync(made, file)
  sync(folder)
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function remove(made: string): void {
  for (const companion of companions) rmSync(made + companion, { force: true })
}

const noRoom = (made: string, cause: DeskpulseError): CommandFailure =>
  new CommandFailure(
    `no room for the new state (${made}) beside the one that stands, which is as it was: ${cause.message}`,
    { cause },
  )
