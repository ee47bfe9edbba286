import { contribute } from '@deskpulse/core/kpis'
import type { Row } from '@deskpulse/core/subjects'
import { endOf, OwnRecords, replayLog, TenantReplay, TenantRows } from '@deskpulse/engine'
import { type Offset, type PartitionId, partitionOf } from '@deskpulse/stream'
import { CommandFailure } from '../command-line/failure.ts'
import type { Context } from '../commands/command.ts'
import { createProgress } from '../output/progress.ts'
import type { ExportedLog } from './log.ts'

export type WantedRows = {
  readonly tenant: string
  readonly grains: ReadonlySet<Row['grain']>
  /** What counts at or after `fromMs` and before `toMs`. */
  readonly fromMs: number
  readonly toMs: number
}

export type ReplayedRows = { readonly rows: TenantRows; readonly events: number }

/**
 * Folds all that the log has of a tenant, up to now, telling how far it is: a row is as it stands then, whatever came late.
 * @throws CommandFailure when it is interrupted, or the log has nothing of the tenant.
 */
export async function replayedRows(
  { log, topic }: ExportedLog,
  wanted: WantedRows,
  { terminal, clock, signal }: Context,
): Promise<ReplayedRows> {
  const { tenant } = wanted
  const partition = partitionOf(tenant, await log.partitionCount(topic))
  const from = await firstOf({ log, topic }, partition)
  if (from > 0)
    terminal.err(
      `the log has lost its first ${from} records: rows of what they told are missing or incomplete\n`,
    )
  const endOffset = await endOf({ log, topic, partition }, from)
  const rows = new TenantRows((row) => wanted.grains.has(row.grain) && countsWithin(row, wanted))
  const replay = new TenantReplay({ rowChanged: rows.changed, signal })
  const progress = createProgress(terminal, endOffset - from, clock, { estimates: true })
  try {
    const part = { log, topic, partition, endOffset }
    const { entries } = await replayLog(
      replay,
      new OwnRecords(tenant),
      { part, from },
      { progress: ({ offset, entries: events }) => progress.update(offset - from, events) },
    )
    if (entries === 0) throw new CommandFailure(`the log has nothing of the tenant ${tenant}`)
    return { rows, events: entries }
  } catch (error) {
    if (!signal.aborted) throw error
    throw new CommandFailure('interrupted: nothing was written', { cause: error })
  } finally {
    progress.end()
  }
}

async function firstOf(
  { log, topic }: Pick<ExportedLog, 'log' | 'topic'>,
  partition: PartitionId,
): Promise<Offset> {
  return (await log.retained(topic))[partition]!
}

/** Whether a row counts in any measure within the time. */
export function countsWithin(
  row: Row,
  { fromMs, toMs }: Pick<WantedRows, 'fromMs' | 'toMs'>,
): boolean {
  let isWithin = false
  contribute(row, ({ kind }, { atMs }, _value, _scope, endMs) => {
    isWithin ||= atMs < toMs && (kind === 'span' ? endMs > fromMs : atMs >= fromMs)
  })
  return isWithin
}
