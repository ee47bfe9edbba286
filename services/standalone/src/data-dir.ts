import { mkdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { DeskpulseError, embeddedEventLog, embeddedStateStore, type EventLog, type StateStore } from '@deskpulse/stream'
import { customersKey } from './key-file.ts'
import { StartError } from './start-error.ts'

/** Everything that the embedded product keeps. */
export type DataDir = {
  readonly log: EventLog
  readonly store: StateStore
  /** The alerter's own: what fires, silences, deliveries. */
  readonly alertStore: StateStore
  /** Customer ids are hidden under it. Whoever has it can tell whether a known id is among them. */
  readonly customersKey: Uint8Array
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
 * @throws StartError when the folder cannot be used, another process uses it, or the customers' key is gone.
 */
export async function openDataDir(path: string, { newCustomersKey = false } = {}): Promise<DataDir> {
  const folder = resolve(path)
  await using opened = new AsyncDisposableStack()
  try {
    makeFolder(folder)
    const log = embeddedEventLog({ file: join(folder, 'log.sqlite') })
    opened.defer(() => log.close())
    const key = await customersKey({ file: join(folder, 'customers.key'), log, isReplaced: newCustomersKey })
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
    return { log, store, alertStore, customersKey: key, simulationFile, close: () => kept.disposeAsync() }
  } catch (error) {
    throw refusalOf(folder, error)
  }
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
