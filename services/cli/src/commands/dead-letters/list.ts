import { formatTime } from '@deskpulse/contract'
import type { RewritableTopic } from '@deskpulse/stream'
import { exitCodes, type ExitCode } from '../../command-line/failure.ts'
import type { CommandSpec, Typed } from '../../command-line/spec.ts'
import { wholeNumber } from '../../command-line/values.ts'
import { type Filter, filterOf, filterOptions } from '../../dead-letters/filter.ts'
import { letterGroups, type ListedGroup } from '../../dead-letters/groups.ts'
import { lettersOf, replaysOf } from '../../dead-letters/reading.ts'
import { topicOptions, withDeadLetters } from '../../dead-letters/topic.ts'
import { cell, counted, type Summary, summaryOf, unreadableNote } from '../../dead-letters/words.ts'
import { tableOf } from '../../output/table.ts'
import type { Command, Context } from '../command.ts'

const rowsMax = 10_000

const spec: CommandSpec = {
  name: 'dead-letters list',
  summary: 'Count refused inputs by code, tenant and source, or list them one by one.',
  usage: 'deskpulse dead-letters list (--data-dir DIR | --brokers HOST:PORT[,…]) [options]',
  positionals: [],
  options: {
    ...topicOptions,
    ...filterOptions,
    each: { help: 'A row for each letter, the newest first, instead of counts.' },
    limit: { value: 'N', help: `At most so many rows, 1 to ${rowsMax}. Default 100.` },
    json: { help: 'One JSON object a line instead of a table.' },
    help: { short: 'h', help: 'This text.' },
  },
  examples: [
    'deskpulse dead-letters list --data-dir .deskpulse',
    'deskpulse dead-letters list --brokers kafka:9092 --code bad-schema --since 2026-03-02T08:00:00Z --each',
  ],
}

export const listCommand: Command = { spec, run: list }

async function list(typed: Typed, context: Context): Promise<ExitCode> {
  const filter = filterOf(typed)
  const limit = wholeNumber('limit', typed.text('limit') ?? '100', 1, rowsMax)
  const { terminal, signal } = context
  await withDeadLetters(typed, context, async (topic) => {
    const { rows, heads, cells, total, unreadable } = await (
      typed.switched('each') ? each : grouped
    )(topic, filter, limit, signal)
    if (typed.switched('json')) for (const row of rows) terminal.out(`${JSON.stringify(row)}\n`)
    else terminal.out(`${rows.length === 0 ? '' : tableOf(heads, cells)}${total}\n`)
    terminal.err(unreadableNote(unreadable))
  })
  return signal.aborted ? exitCodes.interrupted : exitCodes.ok
}

type Listing = {
  readonly rows: readonly object[]
  readonly heads: readonly string[]
  readonly cells: readonly (readonly string[])[]
  /** The last line. */
  readonly total: string
  readonly unreadable: number
}

async function grouped(
  topic: RewritableTopic,
  { matches }: Filter,
  limit: number,
  signal: AbortSignal,
): Promise<Listing> {
  const groups = letterGroups()
  let unreadable = 0
  for await (const found of lettersOf(topic, signal, () => unreadable++))
    if (matches(found.letter)) groups.add(found)
  const all = groups.newestFirst()
  const inputs = all.reduce((sum, { times }) => sum + times, 0)
  const letters = all.reduce((sum, one) => sum + one.letters, 0)
  const rows = all.slice(0, limit).map(({ firstMs, lastMs, ...group }: ListedGroup) => {
    return { ...group, firstAt: formatTime(firstMs), lastAt: formatTime(lastMs) }
  })
  return {
    rows,
    heads: ['inputs', 'letters', 'code', 'tenant', 'first', 'last', 'newest', 'source'],
    cells: rows.map((row) => [
      ...[
        String(row.times),
        String(row.letters),
        cell(row.code),
        cell(row.tenant),
        row.firstAt,
        row.lastAt,
        row.newest,
        cell(row.source),
      ],
    ]),
    total: `${rows.length} of ${counted(all.length, 'group')} listed: ${counted(inputs, 'refused input')} in ${counted(letters, 'letter')}`,
    unreadable,
  }
}

async function each(
  topic: RewritableTopic,
  { matches }: Filter,
  limit: number,
  signal: AbortSignal,
): Promise<Listing> {
  const replays = await replaysOf(topic, signal)
  let newest: Summary[] = []
  let count = 0
  let unreadable = 0
  for await (const { id, letter } of lettersOf(topic, signal, () => unreadable++)) {
    if (!matches(letter)) continue
    count += 1
    newest.push(summaryOf(id, letter, replays(letter)))
    if (newest.length >= 2 * limit) newest = newest.slice(-limit)
  }
  const rows = newest.slice(-limit).toReversed()
  return {
    rows,
    heads: ['id', 'last', 'times', 'replays', 'code', 'tenant', 'source', 'path', 'reason'],
    cells: rows.map(({ id, lastAt, times, replays: sent, code, tenant, source, path, reason }) => [
      ...[
        id,
        lastAt,
        String(times),
        String(sent),
        cell(code),
        cell(tenant),
        cell(source),
        cell(path),
        cell(reason),
      ],
    ]),
    total: `${rows.length} of ${counted(count, 'letter')} listed`,
    unreadable,
  }
}
