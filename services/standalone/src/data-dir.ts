import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import {
  adoptTopic,
  boundedTopic,
  deadLettersFile,
  DeskpulseError,
  embeddedEventLog,
  embeddedStateStore,
  type EventLog,
  logWithTopic,
  type StateStore,
} from '@deskpulse/stream'
import { StartError } from './start-error.ts'

/** What is kept of dead letters, and who is told what becomes of them. */
export type DeadLettersKept = {
  readonly topic: string
  readonly retentionMs: number
  readonly bytesMax: number
  /** The headers of records that went because the file was full. */
  readonly onDropped: (headers: readonly Readonly<Record<string, string>>[]) => void
  /** Old ones could not be removed, or not be moved out of the log's file; it is tried again. */
  readonly onFailure: (error: unknown) => void
}

/** Everything that the embedded product keeps. */
export type DataDir = {
  readonly log: EventLog
  readonly store: StateStore
  /** The alerter's own: what fires, silences, deliveries. */
  readonly alertStore: StateStore
  /** Made at the first start: customer ids are hidden under it. Whoever has it can tell whether a known id is among them. */
  readonly secret: Uint8Array
  /** Where the simulator notes how far it has come. */
  readonly simulationFile: string
  /** Closes the stores, then the log. */
  close(): Promise<void>
}

/** Not by Node's own `recursive`: where a system refuses folders as missing, as Linux does under /proc, that tries for ever. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return
  const parent = dirname(folder)
  if (parent !== folder) makeFolder(parent)
  mkdirSync(folder, { mode: 0o700 })
}

/** Reads the secret, or makes it; readable by the owner alone. */
function secretOf(file: string): Uint8Array {
  try {
    writeFileSync(file, randomBytes(32), { flag: 'wx', mode: 0o600, flush: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const secret = readFileSync(file)
  if (secret.length !== 32) throw new StartError(`${file} is damaged: it must hold the 32 bytes that customer ids are hidden under`)
  return secret
}

/**
 * Opens the folder, and makes it when missing. One process at a time: the log's file is locked.
 * @throws StartError when the folder cannot be used, or another process uses it.
 */
export async function openDataDir(path: string, deadLetters: DeadLettersKept): Promise<DataDir> {
  const folder = resolve(path)
  await using opened = new AsyncDisposableStack()
  try {
    makeFolder(folder)
    const log = openLog(folder, deadLetters)
    opened.defer(() => log.close())
    const store = await embeddedStateStore({ file: join(folder, 'store.sqlite') })
    opened.defer(() => store.close())
    const alertStore = await embeddedStateStore({ file: join(folder, 'alerts.sqlite') })
    opened.defer(() => alertStore.close())
    const secret = secretOf(join(folder, 'customers.key'))
    const kept = opened.move()
    return { log, store, alertStore, secret, simulationFile: join(folder, 'simulation.json'), close: () => kept.disposeAsync() }
  } catch (error) {
    throw refusalOf(folder, error)
  }
}

/** The log, with the dead letters in a file of their own: garbage must not take the room of what is accepted. */
function openLog(folder: string, { topic, retentionMs, bytesMax, onDropped, onFailure }: DeadLettersKept): EventLog {
  const [logFile, file] = [join(folder, 'log.sqlite'), join(folder, deadLettersFile)]
  try {
    adoptTopic({ logFile, topic, file, maxBytes: bytesMax }) // Earlier versions kept them in the log's file.
  } catch (error) {
    if (!(error instanceof DeskpulseError && error.code === 'LOG_FULL')) throw error
    onFailure(error)
  }
  const log = embeddedEventLog({ file: logFile })
  const apart = boundedTopic({ file, maxBytes: bytesMax, onDropped })
  return logWithTopic({ log, topic, apart, retentionMs, onFailure })
}

function refusalOf(folder: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (error instanceof DeskpulseError && /another process/.test(message)) {
    return new StartError(`${folder} is in use by another process: stop it, or choose another --data-dir`, { cause: error })
  }
  if (error instanceof DeskpulseError || (code !== undefined && /^E[A-Z]+$/.test(code))) {
    return new StartError(`the data directory ${folder} cannot be used: ${message}`, { cause: error })
  }
  return error
}
