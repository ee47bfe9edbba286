import { resolve } from 'node:path'
import {
  configEntry,
  encodeConfigEntry,
  entryKinds,
  parseEvent,
  type WireEvent,
} from '@deskpulse/contract'
import { defaultTenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import { encodeFrame, type LogRecord, type Offset } from '@deskpulse/stream'
import { recordOf } from '../../../packages/engine/src/testing/fold-log.ts'
import { eventLines } from '../../../services/cli/src/commands/replay-input.ts'
import { openInputFile } from '../../../services/cli/src/replay/input-file.ts'
import { mappingOf } from '../../../services/cli/src/replay/xes/mapping.ts'

/** A real log, which is not part of this repository: it lies beside it, or this test cannot run. */
export const helpdeskPath = resolve(import.meta.dirname, '../../../../shared/data/helpdesk.xes.gz')

export const tenant = 'helpdesk'
export const appendedAtMs = Date.UTC(2026, 0, 1) as EpochMs

export async function helpdeskEvents(): Promise<CanonicalEvent[]> {
  const file = await openInputFile(helpdeskPath)
  const events: CanonicalEvent[] = []
  for await (const line of eventLines(file, {
    format: 'xes',
    tenant,
    mapping: mappingOf('/xes/helpdesk'),
  })) {
    const parsed = parseEvent(JSON.parse(line) as WireEvent)
    if (!parsed.ok) throw new Error(`${parsed.code} at ${parsed.path}`)
    events.push(parsed.event)
  }
  return events
}

/** The tenant's configuration, then the events, a few hundred a record. */
export function helpdeskLog(events: readonly CanonicalEvent[]): LogRecord[] {
  const config = encodeConfigEntry(
    configEntry({ ...defaultTenantConfig, timeZone: 'Europe/Rome' }, null),
  )
  const entries = [{ tenant, kind: entryKinds.config, bytes: config }]
  const value = encodeFrame({ sender: 'ingest-1', backlogMs: 0, entries })
  const records: LogRecord[] = [
    { offset: 0 as Offset, appendedAtMs, key: null, value, headers: {} },
  ]
  for (let at = 0; at < events.length; at += 500) {
    records.push(
      recordOf(
        records.length,
        (appendedAtMs + records.length) as EpochMs,
        events.slice(at, at + 500),
      ),
    )
  }
  return records
}
