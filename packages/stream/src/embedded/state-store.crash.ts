import { writeSync } from 'node:fs'
import type { EpochMs } from '@deskpulse/core/time'
import type { Offset, PartitionId } from '../event-log.ts'
import { embeddedStateStore } from './state-store.ts'

/** The process that the crash test kills: commits for ever, and prints each offset after the store has acknowledged it. */
const partition = 0 as PartitionId
const store = await embeddedStateStore({ file: process.argv[2] ?? '' })
const { epoch } = await store.acquire(partition)
for (let n = 1; ; n++) {
  const value = Buffer.from(`${n}`)
  await store.commit(partition, {
    ...{
      epoch,
      fromOffset: (n - 1) as Offset,
      toOffset: n as Offset,
      logTimeMs: n as EpochMs,
      watermarkMs: n as EpochMs,
    },
    puts: [
      { key: 'm:a', bytes: value },
      { key: 'm:big', bytes: Buffer.alloc(20_000) },
      { key: 'm:b', bytes: value },
    ],
    appends: [{ key: 'j:a', bytes: Buffer.from('x') }],
    ...{ wakes: [], out: [] },
  })
  writeSync(1, `${n}\n`)
}
