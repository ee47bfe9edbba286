import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type {
  BatchHandler,
  Consumption,
  EventLog,
  LogBatch,
  LogRecord,
  NewRecord,
  Offset,
  PartitionId,
} from '../event-log.ts'

/** A log on data of its own or shared; `reopen` closes the log and opens another one on the same data. */
export type OpenedLog = {
  readonly log: EventLog
  reopen(): Promise<EventLog>
  /** Takes the records before an offset away, as retention does. @returns the log, which may be another one. */
  truncate(topic: string, partition: PartitionId, before: Offset): Promise<EventLog>
  dispose(): Promise<void>
}

/** What the rules work with: the log under test, and short words for what they do with it. */
export type Bench = ReturnType<typeof createBench>

export const logSettings = {
  'message.timestamp.type': 'LogAppendTime',
  'cleanup.policy': 'delete',
  'max.message.bytes': '2097152',
} as const
export const partition0 = 0 as PartitionId
export const partition1 = 1 as PartitionId
/** How long a rule waits for what is to happen: a group of a real broker may need seconds to settle. */
export const patience = { timeout: 20_000, interval: 10 } as const

export function createBench() {
  let opened: OpenedLog
  let log: EventLog
  let consumptions: Consumption[] = []

  return {
    async begin(open: () => Promise<OpenedLog>) {
      opened = await open()
      log = opened.log
    },
    async end() {
      await Promise.all(consumptions.map((consumption) => consumption.stop()))
      consumptions = []
      await log.close()
      await opened.dispose()
    },
    log: () => log,
    async reopen() {
      log = await opened.reopen()
    },
    async truncate(topic: string, before: number, partition = partition0) {
      log = await opened.truncate(topic, partition, before as Offset)
    },
    name: () => `contract-${randomUUID()}`,
    async topic(partitions = 1): Promise<string> {
      const name = `contract-${randomUUID()}`
      await log.ensureTopics([{ name, partitions, settings: logSettings }])
      return name
    },
    async consume(topic: string, group: string, handle: BatchHandler): Promise<Consumption> {
      const consumption = await log.consume({ topic, group, handle })
      consumptions.push(consumption)
      return consumption
    },
    append: (topic: string, texts: readonly string[], partition = partition0) =>
      log.append(topic, partition, texts.map(record)),
  }
}

export function record(text: string): NewRecord {
  return { key: null, value: Buffer.from(text) }
}

export function text({ value }: LogRecord): string {
  return Buffer.from(value ?? []).toString()
}

/** The offset behind the batch's last record. */
export function goOn({ records }: LogBatch): Offset {
  return (Number(records.at(-1)?.offset) + 1) as Offset
}

/** A handler that keeps the texts that it was given and goes on. */
export function collector(): { readonly texts: string[]; readonly handle: BatchHandler } {
  const texts: string[] = []
  return {
    texts,
    handle: async (batch) => {
      texts.push(...batch.records.map(text))
      return goOn(batch)
    },
  }
}

export function numbered(count: number, prefix = ''): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`)
}

export async function eventually(check: () => void | Promise<void>): Promise<void> {
  await expect
    .poll(async () => {
      await check()
      return true
    }, patience)
    .toBe(true)
}
