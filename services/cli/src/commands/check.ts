import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { checkLogFile, checkStoreFile, deadLettersFile, type FileCheck } from '@deskpulse/stream'
import { exitCodes, type ExitCode, usageFailure } from '../command-line/failure.ts'
import type { CommandSpec, Typed } from '../command-line/spec.ts'
import { tableOf } from '../output/table.ts'
import type { Command, Context } from './command.ts'

const spec: CommandSpec = {
  name: 'check',
  summary:
    'Check the files of an embedded product that is stopped: every page, and every record of the log.',
  usage: 'deskpulse check --data-dir DIR [options]',
  positionals: [],
  options: {
    'data-dir': { value: 'DIR', help: 'The folder of its files. Required.' },
    json: { help: 'One JSON object: {"ok", "files": [{"file", "faults", "partitions"}]}.' },
    help: { short: 'h', help: 'This text.' },
  },
  examples: [
    'deskpulse check --data-dir .deskpulse',
    'deskpulse check --data-dir .deskpulse --json',
  ],
}

export const checkCommand: Command = { spec, run: check }

/** The log is the record of truth; the others may be missing. */
const files = [
  { name: 'log.sqlite', isNeeded: true, checkFile: checkLogFile },
  { name: 'store.sqlite', isNeeded: false, checkFile: checkStoreFile },
  { name: 'alerts.sqlite', isNeeded: false, checkFile: checkStoreFile },
  { name: deadLettersFile, isNeeded: false, checkFile: checkStoreFile },
] as const

async function check(typed: Typed, { terminal }: Context): Promise<ExitCode> {
  const folder = typed.text('data-dir')
  if (folder === undefined) throw usageFailure('--data-dir is missing')
  const found = files
    .map((one) => ({ ...one, file: join(folder, one.name) }))
    .filter(({ file, isNeeded }) => isNeeded || existsSync(file))
    .map(({ file, checkFile }) => ({ file, ...checkFile(file) }))
  const ok = found.every(({ faults }) => faults.length === 0)
  if (typed.switched('json')) terminal.out(`${JSON.stringify({ ok, files: found })}\n`)
  else for (const one of found) terminal.out(textOf(one))
  if (!ok)
    terminal.err(
      'deskpulse: what is damaged must come from a copy: docs/operations.md#damaged-files\n',
    )
  return ok ? exitCodes.ok : exitCodes.failed
}

function textOf({ file, faults, partitions }: FileCheck & { readonly file: string }): string {
  const verdict =
    faults.length === 0
      ? `${file} is whole\n`
      : `${file} is damaged:\n${faults.map((fault) => `  ${fault}\n`).join('')}`
  if (partitions.length === 0) return verdict
  const rows = partitions.map(({ topic, partition, records, unverified }) => [
    ...[topic, String(partition), String(records)],
    unverified === 0 ? '' : `${unverified} without a checksum: an older version wrote them`,
  ])
  return verdict + tableOf(['topic', 'partition', 'records', ''], rows)
}
