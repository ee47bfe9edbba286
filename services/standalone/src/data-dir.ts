import { mkdirSync, statSync } from 'node:fs'
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
  type RewritableTopic,
  type StateStore,
} from '@deskpulse/stream'
import { customerSecrets, type CustomerSecrets } from './customer-secrets.ts'
import { keptSecret } from './key-file.ts'
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

export type DataDirOptions = {
  readonly newCustomersKey?: boolean
  readonly rotateCustomersKeyMs?: number | null
}

/** Everything that the embedded product keeps. */
export type DataDir = {
  readonly log: EventLog
  /** That of the log, to be rewritten. */
  readonly deadLetters: RewritableTopic
  readonly store: StateStore
  /** The alerter's own: what fires, silences, deliveries. */
  readonly alertStore: StateStore
  /** Customer ids are hidden under keys made from them. Whoever has one can tell whether a known id is among them. */
  readonly customerSecrets: CustomerSecrets
  /** Sessions of pages are signed with it. */
  readonly sessionSecret: string
  /** Where the simulator notes how far it has come. */
  readonly simulationFile: string
  /** Closes the stores, then the log. */
  close(): Promise<void>
}

const companions = 'with its -wal and -shm'

/** Not by Node's own `recursive`: where a system refuses folders as missing, as Linux does under /proc, that tries for ever. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return
  const parent = dirname(folder)
  if (parent !== folder) makeFolder(parent)
  mkdirSync(folder, { mode: 0o700 })
}

/**
 * Opens the folder, and makes it when missing. One process at a time: the log's file is locked.
 * @param newCustomersKey the operator gives up the key that customers are hidden under.
 * @param rotateCustomersKeyMs from then on another one hides them; `null`: it stays.
 * @throws StartError when the folder cannot be used, another process uses it, or the customers' key is gone.
 */
export async function openDataDir(
  path: string,
  deadLetters: DeadLettersKept,
  { newCustomersKey = false, rotateCustomersKeyMs = null }: DataDirOptions = {},
): Promise<DataDir> {
  const folder = resolve(path)
  await using opened = new AsyncDisposableStack()
  try {
    makeFolder(folder)
    const { log, apart } = openLog(folder, deadLetters)
    opened.defer(() => log.close())
    const secrets = await customerSecrets({
      ...{ folder, log, isReplaced: newCustomersKey },
      ...{ rotatedAtMs: rotateCustomersKeyMs, nowMs: Date.now() },
    })
    const store = await embeddedStateStore({
      file: join(folder, 'store.sqlite'),
      whenDamaged: `remove it, ${companions}: the log is folded again`,
    })
    opened.defer(() => store.close())
    const alertStore = await embeddedStateStore({
      file: join(folder, 'alerts.sqlite'),
      whenDamaged: `put back a copy, or remove it, ${companions}: silences, acknowledgements and the delivery log are lost with it`,
    })
    opened.defer(() => alertStore.close())
    const kept = opened.move()
    const simulationFile = join(folder, 'simulation.json')
    return {
      ...{ log, deadLetters: apart, store, alertStore },
      customerSecrets: secrets,
      sessionSecret: keptSecret(join(folder, 'sessions.key')),
      simulationFile,
      close: () => kept.disposeAsync(),
    }
  } catch (error) {
    throw refusalOf(folder, error)
  }
}

/** The log, with the dead letters in a file of their own: garbage must not take the room of what is accepted. */
function openLog(
  folder: string,
  { topic, retentionMs, bytesMax, onDropped, onFailure }: DeadLettersKept,
): { readonly log: EventLog; readonly apart: RewritableTopic } {
  const [logFile, file] = [join(folder, 'log.sqlite'), join(folder, deadLettersFile)]
  try {
    adoptTopic({ logFile, topic, file, maxBytes: bytesMax }) // Earlier versions kept them in the log's file.
  } catch (error) {
    if (!(error instanceof DeskpulseError && error.code === 'LOG_FULL')) throw error
    onFailure(error)
  }
  const log = embeddedEventLog({ file: logFile })
  const apart = boundedTopic({ file, maxBytes: bytesMax, onDropped })
  return { log: logWithTopic({ log, topic, apart, retentionMs, onFailure }), apart }
}

function refusalOf(folder: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (error instanceof DeskpulseError && /another process/.test(message)) {
    return new StartError(
      `${folder} is in use by another process: stop it, or choose another --data-dir`,
      { cause: error },
    )
  }
  if (error instanceof DeskpulseError || (code !== undefined && /^E[A-Z]+$/.test(code))) {
    return new StartError(`the data directory ${folder} cannot be used: ${message}`, {
      cause: error,
    })
  }
  return error
}
