import {
  type Fault,
  type Imported,
  type ImportKind,
  type ImportOptions,
  judgedRows,
  openTable,
  templateOf,
} from '@deskpulse/imports'
import { CommandFailure, exitCodes, type ExitCode } from '../command-line/failure.ts'
import type { Typed } from '../command-line/spec.ts'
import { tenantName } from '../command-line/values.ts'
import { faultsText, headerText, refusalsText } from '../import/faults.ts'
import { readImportFile } from '../import/file.ts'
import { createProgress } from '../output/progress.ts'
import { printable } from '../output/printable.ts'
import { summaryOf } from '../output/summary.ts'
import { added, allAccepted, refusedTotal, type Sender, type SendResult } from '../send/sender.ts'
import type { Command, Context } from './command.ts'
import { destinationOf } from './destination.ts'
import {
  importKindOf,
  importPath,
  importSpec,
  languageOf,
  sourceOf,
  timeZoneOf,
} from './import-options.ts'

export const importCommand: Command = { spec: importSpec, run: importFile }

async function importFile(typed: Typed, context: Context): Promise<ExitCode> {
  const { clock, terminal } = context
  const kind = importKindOf(typed)
  const language = languageOf(typed)
  if (typed.switched('template')) {
    terminal.out(templateOf(kind, language))
    return exitCodes.ok
  }
  const path = importPath(typed)
  const tenant = tenantName(typed.text('tenant'))
  const [source, timeZone] = [sourceOf(typed, kind), timeZoneOf(typed)]
  const nowMs = clock.nowMs()
  const { name, bytes, changedMs } = await readImportFile(path, nowMs)
  const options = { tenant, source, timeZone, changedMs, nowMs }
  const { events, faults } = await eventsOf(name, kind, bytes, options)
  if (faults.length > 0) {
    terminal.err(faultsText(name, faults))
    return exitCodes.failed
  }
  if (typed.switched('dry-run')) {
    terminal.out(`${name}: ${events.length} rows would be sent to ${tenant} as ${kind.type}\n`)
    return exitCodes.ok
  }
  return sent(name, events, await destinationOf(typed, tenant, context), context)
}

/** An event for each row that is right. @throws CommandFailure for a file of which no row can be read. */
async function eventsOf(
  name: string,
  kind: ImportKind,
  bytes: Uint8Array,
  options: ImportOptions,
): Promise<{ readonly events: readonly Imported[]; readonly faults: readonly Fault[] }> {
  const opened = await openTable(kind, bytes)
  if (opened.is === 'unreadable') throw new CommandFailure(`${name} ${printable(opened.reason)}`)
  if (opened.is === 'no-header')
    throw new CommandFailure(
      `${name}:${opened.line} is no header of ${kind.name}: ${headerText(opened.faults)}. See deskpulse import ${kind.name} --template`,
    )
  const events: Imported[] = []
  const faults: Fault[] = []
  for (const row of judgedRows(opened.table, options)) {
    if (row.event === null) faults.push(...row.faults)
    else events.push(row.event)
  }
  return { events, faults }
}

async function sent(
  name: string,
  events: readonly Imported[],
  sender: Sender,
  { clock, signal, terminal }: Context,
): Promise<ExitCode> {
  const startMs = clock.nowMs()
  const progress = createProgress(terminal, events.length, clock)
  let result: SendResult = allAccepted(0)
  try {
    for (let at = 0; at < events.length && !signal.aborted; at += sender.batchMax) {
      const batch = events.slice(at, at + sender.batchMax)
      const lines = batch.map(({ json }) => json)
      result = added(result, await sender.send(lines, signal))
      progress.update(at + batch.length, at + batch.length)
    }
  } finally {
    progress.end()
    await sender.close()
    const { target: to, tellsRefusals } = sender
    const elapsedMs = clock.nowMs() - startMs
    const plain = { ...result, refusals: [] } // Told with their lines.
    terminal.out(summaryOf({ from: name, to, result: plain, tellsRefusals, elapsedMs }))
    terminal.err(refusalsText(name, events, result.refusals))
  }
  if (signal.aborted) return exitCodes.interrupted
  return refusedTotal(result) > 0 ? exitCodes.failed : exitCodes.ok
}
