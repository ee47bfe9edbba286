import assert from 'node:assert/strict'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { decodeKnownKeys, encodeKnownKeys, type KnownKeys } from '@deskpulse/contract'
import { futureMaxMs } from '@deskpulse/core/config'
import { continued, type KeyFault } from '@deskpulse/ingest'
import {
  type EventLog,
  DeskpulseError,
  type Offset,
  type PartitionId,
  topicNames,
} from '@deskpulse/stream'
import { secondOf, secondText } from './instant.ts'
import { keyBytes, keyIn, makeKey, writeKey } from './key-file.ts'
import { StartError } from './start-error.ts'

/** What the keys of customers are made from. `previous`: ascending; `null`: its file was removed. */
export type CustomerSecrets = {
  readonly key: Uint8Array
  readonly previous: readonly { readonly key: Uint8Array | null; readonly untilMs: number }[]
}

export type CustomerSecretsOptions = {
  readonly folder: string
  readonly log: Pick<EventLog, 'ensureTopics' | 'append' | 'read'>
  /** The operator gives up the key that is remembered: the one of the file takes its place, or, where the file has none, a new one. */
  readonly isReplaced: boolean
  /** From this instant on a new key hides customers, in whole seconds. One that was said before changes nothing. `null`: the key stays. */
  readonly rotatedAtMs: number | null
  readonly nowMs: number
}

/** The last record says which keys are known: beside the log, since a projection can be made again under any key. */
const topic = 'deskpulse.customers-key'
const partition = 0 as PartitionId
const earlierRecordBytes = 16

const wayOut =
  'Put back the file of your backup; if there is none, start once with --new-customers-key: customers that are known come back as new ones'

const presentFile = (folder: string): string => join(folder, 'customers.key')
/** `customers.until-20260301T000000Z.key` */
const previousFile = (folder: string, untilMs: number): string =>
  join(folder, `customers.until-${secondText(untilMs).replace(/[-:]/g, '')}.key`)

const previousName = /^customers\.until-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.key$/

function untilOf(name: string): number[] {
  const [, year, month, day, hour, minute, second] = previousName.exec(name) ?? []
  const atMs = secondOf(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return atMs === null ? [] : [atMs]
}

async function rememberedIn(log: CustomerSecretsOptions['log']): Promise<KnownKeys | null> {
  const records = await log.read(topic, partition, 0 as Offset, Number.MAX_SAFE_INTEGER)
  const value = records.at(-1)?.value ?? null
  if (value === null) return null
  return value.length === earlierRecordBytes // Of a version whose keys were not followed by others.
    ? { key: Buffer.from(value).toString('hex'), previous: [] }
    : decodeKnownKeys(value)
}

/** Whether customers may be hidden already, by a version that remembered no key. */
async function holdsRecords(log: CustomerSecretsOptions['log']): Promise<boolean> {
  try {
    return (await log.read(topicNames().log, partition, 0 as Offset, 1)).length > 0
  } catch (error) {
    if (error instanceof DeskpulseError && error.code === 'LOG_TOPIC_UNKNOWN') return false
    throw error
  }
}

async function presentKey(
  { folder, log, isReplaced }: CustomerSecretsOptions,
  known: KnownKeys | null,
): Promise<Uint8Array> {
  const file = presentFile(folder)
  const found = keyIn(file)
  if (found === 'damaged' && !isReplaced) throw damaged(file, wayOut)
  if (found !== null && found !== 'damaged') return found
  if (!isReplaced && (known !== null || (await holdsRecords(log))))
    throw new StartError(`${file} is missing, and known customers are hidden under it. ${wayOut}`)
  return makeKey(file)
}

const damaged = (file: string, way: string): StartError =>
  new StartError(
    `${file} is damaged: it must hold the ${keyBytes} bytes that customer ids are hidden under. ${way}`,
  )

/** A file that holds the present key was left by a change that did not come to its end, and goes. */
function previousKeys(
  folder: string,
  key: Uint8Array,
  known: KnownKeys | null,
): CustomerSecrets['previous'] {
  const there = readdirSync(folder).flatMap(untilOf)
  const remembered = new Set(known?.previous.map(({ untilMs }) => untilMs))
  return [...remembered.union(new Set(there))]
    .toSorted((one, other) => one - other)
    .flatMap((untilMs) => {
      const file = previousFile(folder, untilMs)
      const found = keyIn(file)
      if (found === 'damaged') throw damaged(file, wayOutOfPrevious)
      const isLeft = !remembered.has(untilMs) && Buffer.from(key).equals(found ?? Buffer.of())
      if (isLeft) rmSync(file)
      return isLeft ? [] : [{ key: found, untilMs }]
    })
}

const wayOutOfPrevious =
  'Put back the file of your backup, or remove it: events from before then are refused'

function refusalOf(folder: string, { previous }: CustomerSecrets, { kind, untilMs }: KeyFault) {
  if (untilMs === null)
    return `${presentFile(folder)} is not the key that known customers are hidden under. ${wayOut}`
  const file = previousFile(folder, untilMs)
  if (kind === 'late')
    return `${file} is of an instant that the log does not know, and that is over or nearly so. If no customer was hidden since under another key than these files have, start once with --new-customers-key, which keeps them; else put back the files of your backup`
  const isThere = previous.some((one) => one.untilMs === untilMs && one.key !== null)
  return isThere
    ? `${file} is not the key that known customers are hidden under. ${wayOutOfPrevious}`
    : `${file} is missing, and customers are hidden under it until then. ${wayOut}`
}

/** The new key takes the place of the present one, which is a previous one from then on. */
function rotated(
  folder: string,
  { key, previous }: CustomerSecrets,
  untilMs: number,
  nowMs: number,
): CustomerSecrets {
  const earliestMs = Math.max(nowMs + futureMaxMs, previous.at(-1)?.untilMs ?? 0)
  if (untilMs <= earliestMs) {
    throw new StartError(
      `--rotate-customers-key: expected an instant after ${secondText(Math.ceil(earliestMs / 1_000) * 1_000)}: events of the time before may be hidden already`,
    )
  }
  writeKey(previousFile(folder, untilMs), key)
  return { key: makeKey(presentFile(folder)), previous: [...previous, { key, untilMs }] }
}

/**
 * What customer ids are hidden under: made at the first start, and the same ever after, unless it is rotated. The log remembers which keys there were.
 * @throws StartError when a file is missing or another one, though the log holds customers: they would come back as new, and be counted twice.
 */
export async function customerSecrets(options: CustomerSecretsOptions): Promise<CustomerSecrets> {
  const { folder, log, isReplaced, rotatedAtMs, nowMs } = options
  await log.ensureTopics([
    { name: topic, partitions: 1, settings: { 'cleanup.policy': 'compact' } },
  ])
  const known = await rememberedIn(log)
  const key = await presentKey(options, known)
  const previous = previousKeys(folder, key, known)
  // Who gives a key up gives up a change that is still to come, if the key of until then is gone.
  const isLost = (one: CustomerSecrets['previous'][number]): boolean =>
    isReplaced && one.key === null && one.untilMs > nowMs
  const found = { key, previous: previous.filter((one) => !isLost(one)) }
  const verdict = continued(isReplaced ? null : known, found, nowMs)
  if (!verdict.ok) throw new StartError(refusalOf(folder, found, verdict.fault))
  const isDone = found.previous.some(({ untilMs }) => untilMs === rotatedAtMs)
  const secrets =
    rotatedAtMs === null || isDone ? found : rotated(folder, found, rotatedAtMs, nowMs)
  const next = continued(verdict.known, secrets, nowMs)
  assert.ok(next.ok, 'a key that is rotated goes on from the one before')
  if (known === null || !isDeepStrictEqual(known, next.known))
    await log.append(topic, partition, [{ key: 'fingerprint', value: encodeKnownKeys(next.known) }])
  return secrets
}
