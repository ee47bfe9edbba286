import { encodeConfigVersions, encodeEvent, entryKinds } from '@deskpulse/contract'
import { type ConfigVersion, defaultVersion } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import {
  addCount,
  addDuration,
  emptyRecord,
  encodeRecord,
  encodeRunning,
  type Measure,
  type MeasureRecord,
  type RunningMinute,
  sliceIndex,
} from '@deskpulse/core/measures'
import {
  configKey,
  encodeOpen,
  type IntervalKind,
  measureKey,
  openField,
  runningKey,
  slicesKey,
} from '@deskpulse/core/state'
import { bucketStart, dayMs, type EpochMs, minuteMs, slotMs } from '@deskpulse/core/time'
import {
  encodeFrame,
  type EventLog,
  type LogRecord,
  type Offset,
  type SenderClock,
  type Snapshot,
  type StateStore,
} from '@deskpulse/stream'

const tenant = 'acme'

/** One tenant's partition as an aggregator would have written it, and its log, by hand. */
export type Aggregated = {
  readonly store: Pick<StateStore, 'read'>
  readonly log: Pick<EventLog, 'read'>
  /** How many reads the log has answered. */
  pages(): number
  add(measure: Measure, slices: readonly string[], atMs: number, value: number): void
  /** The minute is over and not yet rolled: what is added to it from now on is in its record alone. `hiddenIn`: so many reads know nothing of it. */
  run(atMs: number, hiddenIn?: number): void
  openSince(kind: IntervalKind, slices: readonly string[], ...sinceMs: readonly number[]): void
  append(appendedAtMs: number, ...events: readonly CanonicalEvent[]): void
  /** With its sender's clocks. */
  appendAt(
    stamp: { readonly appendedAtMs: number; readonly clock?: SenderClock },
    ...events: readonly CanonicalEvent[]
  ): void
}

export function aggregated(
  logTimeMs: number,
  versions: readonly ConfigVersion[] = [defaultVersion],
): Aggregated {
  const records = new Map<string, MeasureRecord>()
  const open = new Map<string, Uint8Array>()
  const slices = sliceIndex(null)
  const appended: LogRecord[] = []
  let pages = 0
  const running: RunningMinute[] = []
  let hidden = 0

  function bytesAt(key: string): Uint8Array | null {
    if (key === configKey(tenant)) return encodeConfigVersions(versions)
    if (key === slicesKey(tenant)) return slices.encode()
    if (key === runningKey(tenant)) return hidden > 0 ? null : encodeRunning(running)
    const record = records.get(key)
    return record === undefined ? null : encodeRecord(record)
  }

  return {
    pages: () => pages,
    add(measure, texts, atMs, value) {
      for (const text of texts) {
        const isRunning = running.some(
          ({ startMs }) => startMs === bucketStart(atMs as EpochMs, minuteMs),
        )
        for (const [resolution, sizeMs] of [
          ['minute', minuteMs] as const,
          ['slot', slotMs] as const,
        ]) {
          if (resolution === 'slot' && isRunning) continue
          const key = measureKey(
            tenant,
            slices.intern(text),
            resolution,
            bucketStart(atMs as EpochMs, sizeMs),
          )
          const record = records.get(key) ?? emptyRecord()
          records.set(key, record)
          if (measure.kind === 'duration') addDuration(record, measure, value, 1)
          else addCount(record, measure, value)
        }
      }
    },
    run(atMs, hiddenIn = 0) {
      running.push({
        startMs: bucketStart(atMs as EpochMs, minuteMs),
        dayStartMs: bucketStart(atMs as EpochMs, dayMs),
      })
      hidden = hiddenIn
    },
    openSince(kind, texts, ...sinceMs) {
      const numbers = texts.map((text) => slices.intern(text))
      for (const ms of sinceMs) {
        const row = { agentId: `a-${open.size}`, contacts: 0, capacity: null, queues: [] }
        open.set(
          openField(row),
          encodeOpen({ row, intervals: [{ kind, sinceMs: ms as EpochMs, slices: numbers }] }),
        )
      }
    },
    append(appendedAtMs, ...events) {
      this.appendAt({ appendedAtMs }, ...events)
    },
    appendAt(stamp, ...events) {
      appended.push(recordOf(appended.length as Offset, stamp, events))
    },
    store: {
      async read(_partition, query) {
        const answer: Pick<Snapshot, 'values' | 'lists' | 'hashes'> = {
          values: query.keys.map(bytesAt),
          lists: [],
          hashes: (query.hashes ?? []).map(() => ({ isWhole: true, fields: open })),
        }
        const position = {
          offset: appended.length as Offset,
          logTimeMs: logTimeMs as EpochMs,
          watermarkMs: logTimeMs as EpochMs,
        }
        hidden -= 1
        return { ...answer, ...position, cursor: '' as Snapshot['cursor'], changed: 'lost' }
      },
    },
    log: {
      async read(_topic, _partition, from, limit) {
        pages += 1
        return appended.slice(from, from + limit)
      },
    },
  }
}

type Stamp = Parameters<Aggregated['appendAt']>[0]

function recordOf(
  offset: Offset,
  { appendedAtMs, clock }: Stamp,
  events: readonly CanonicalEvent[],
): LogRecord {
  const entries = events.map((event) => ({
    tenant: event.tenant,
    kind: entryKinds.event,
    bytes: encodeEvent(event),
  }))
  const value = encodeFrame({ sender: 'ingest', ...(clock && { clock }), backlogMs: 0, entries })
  return { offset, appendedAtMs: appendedAtMs as EpochMs, key: null, value, headers: {} }
}
