import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import {
  type EventLog,
  DeskpulseError,
  type Offset,
  type PartitionId,
  topicNames,
} from '@deskpulse/stream'
import { StartError } from './start-error.ts'

export type CustomersKeyOptions = {
  readonly file: string
  readonly log: Pick<EventLog, 'ensureTopics' | 'append' | 'read'>
  /** The operator gives up the key that is remembered: the one of the file takes its place, or, where the file has none, a new one. */
  readonly isReplaced: boolean
}

/** One record for each key that was ever taken: its fingerprint. Beside the log, since a projection can be made again under any key. */
const topic = 'deskpulse.customers-key'
const partition = 0 as PartitionId
const keyBytes = 32

/** Tells keys apart, and nothing of the key. */
const fingerprintOf = (key: Uint8Array): Buffer =>
  createHmac('sha256', key).update('deskpulse/customers-key').digest().subarray(0, 16)

/** In place as a whole or not at all; readable by the owner alone. */
function makeKey(file: string): Uint8Array {
  const key = randomBytes(keyBytes)
  const draft = `${file}.new`
  rmSync(draft, { force: true })
  writeFileSync(draft, key, { flag: 'wx', mode: 0o600, flush: true })
  renameSync(draft, file)
  return key
}

function keyIn(file: string, isReplaced: boolean): Uint8Array | null {
  if (!existsSync(file)) return null
  const key = readFileSync(file)
  if (key.length === keyBytes) return key
  if (isReplaced) return null
  throw new StartError(
    `${file} is damaged: it must hold the ${keyBytes} bytes that customer ids are hidden under. ${wayOut}`,
  )
}

const wayOut =
  'Put back the file of your backup; if there is none, start once with --new-customers-key: customers that are known come back as new ones'

/** A secret of the installation's own, made at the first start. Without its file it is another one, and whoever is signed in signs in again. */
export const keptSecret = (file: string): string =>
  Buffer.from(keyIn(file, true) ?? makeKey(file)).toString('hex')

/** Whether customers may be hidden already, by a version that remembered no key. */
async function holdsRecords(log: CustomersKeyOptions['log']): Promise<boolean> {
  try {
    return (await log.read(topicNames().log, partition, 0 as Offset, 1)).length > 0
  } catch (error) {
    if (error instanceof DeskpulseError && error.code === 'LOG_TOPIC_UNKNOWN') return false
    throw error
  }
}

/**
 * The key under which customer ids are hidden: made at the first start, and the same ever after. The log remembers which one it is.
 * @throws StartError when the file is missing or another one, though the log holds customers: they would come back as new, and be counted twice.
 */
export async function customersKey({
  file,
  log,
  isReplaced,
}: CustomersKeyOptions): Promise<Uint8Array> {
  await log.ensureTopics([
    { name: topic, partitions: 1, settings: { 'cleanup.policy': 'compact' } },
  ])
  const remembered =
    (await log.read(topic, partition, 0 as Offset, Number.MAX_SAFE_INTEGER)).at(-1)?.value ?? null
  const found = keyIn(file, isReplaced)
  if (found === null && !isReplaced && (remembered !== null || (await holdsRecords(log)))) {
    throw new StartError(`${file} is missing, and known customers are hidden under it. ${wayOut}`)
  }
  const key = found ?? makeKey(file)
  const fingerprint = fingerprintOf(key)
  if (remembered !== null && fingerprint.equals(remembered)) return key
  if (remembered !== null && !isReplaced) {
    throw new StartError(`${file} is not the key that known customers are hidden under. ${wayOut}`)
  }
  await log.append(topic, partition, [{ key: 'fingerprint', value: fingerprint }])
  return key
}
