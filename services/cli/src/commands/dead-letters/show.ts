import { isUtf8 } from 'node:buffer'
import type { Original } from '@deskpulse/contract'
import type { Offset } from '@deskpulse/stream'
import {
  CommandFailure,
  exitCodes,
  usageFailure,
  type ExitCode,
} from '../../command-line/failure.ts'
import type { CommandSpec, Typed } from '../../command-line/spec.ts'
import { type FoundLetter, lettersIn, replaysOf } from '../../dead-letters/reading.ts'
import { topicOptions, withDeadLetters } from '../../dead-letters/topic.ts'
import { cell, type Summary, summaryOf } from '../../dead-letters/words.ts'
import { printable } from '../../output/printable.ts'
import type { Command, Context } from '../command.ts'

const spec: CommandSpec = {
  name: 'dead-letters show',
  summary: 'Show one refused input: its code, its reason, and its original bytes.',
  usage: 'deskpulse dead-letters show ID (--data-dir DIR | --brokers HOST:PORT[,…]) [options]',
  positionals: ['ID'],
  options: {
    ...topicOptions,
    json: { help: 'One JSON object, with the original in base64.' },
    help: { short: 'h', help: 'This text.' },
  },
  examples: [
    'deskpulse dead-letters show 12/0 --data-dir .deskpulse',
    'deskpulse dead-letters show 12/0 --brokers kafka:9092 --json',
  ],
}

export const showCommand: Command = { spec, run: show }

async function show(typed: Typed, context: Context): Promise<ExitCode> {
  const id = typed.positionals[0]!
  const offset = /^(\d{1,15})\/\d{1,9}$/.exec(id)?.[1]
  if (offset === undefined)
    throw usageFailure(
      `ID must be as \`dead-letters list --each\` gives it, such as 12/0, not ${JSON.stringify(id)}`,
    )
  await withDeadLetters(typed, context, async (topic) => {
    const [record] = await topic.read(Number(offset) as Offset, 1)
    const letters =
      record === undefined || String(record.offset) !== offset ? [] : lettersIn(record)
    if (letters === 'unreadable')
      throw new CommandFailure(`the record of letter ${id} cannot be read by this version`)
    const found = letters.find((one) => one.id === id)
    if (found === undefined)
      throw new CommandFailure(
        `there is no letter ${id}: it may have expired, or an erasure has moved it`,
      )
    const replays = (await replaysOf(topic, context.signal))(found.letter)
    context.terminal.out(typed.switched('json') ? inJson(found, replays) : inWords(found, replays))
  })
  return exitCodes.ok
}

function inJson({ id, letter }: FoundLetter, replays: number): string {
  const { original } = letter
  const cut = original.kind === 'whole' ? {} : { sha256: original.sha256 }
  return `${JSON.stringify({ ...summaryOf(id, letter, replays), ...cut, original: Buffer.from(original.bytes).toString('base64') })}\n`
}

function inWords({ id, letter }: FoundLetter, replays: number): string {
  const { original } = letter
  const lines = rowsOf(summaryOf(id, letter, replays)).map(
    ([name, value]) => `${name.padEnd(9)}${value}`,
  )
  const cut =
    original.kind === 'whole'
      ? []
      : [`only the first ${original.bytes.length} bytes are kept; SHA-256 ${cell(original.sha256)}`]
  return [...lines, ...cut, '', textOf(original), ''].join('\n')
}

function rowsOf(letter: Summary): readonly (readonly [string, string])[] {
  const { place } = letter
  const by =
    place === null
      ? 'ingest'
      : `the folds, at ${place.partition}/${place.offset}/${place.index} of the log`
  return [
    ['id', letter.id],
    ['code', cell(letter.code)],
    ['path', cell(letter.path)],
    ['reason', cell(letter.reason)],
    ['by', by],
    ['tenant', cell(letter.tenant)],
    ['source', cell(letter.source)],
    [
      'at',
      letter.times === 1
        ? letter.lastAt
        : `${letter.firstAt} to ${letter.lastAt}, ${letter.times} times`,
    ],
    ['replays', String(letter.replays)],
    ['bytes', String(letter.bytes)],
  ]
}

function textOf({ bytes }: Original): string {
  const all = Buffer.from(bytes)
  return isUtf8(all)
    ? printable(all.toString('utf8'), '\n\t')
    : `(no text; in base64) ${all.toString('base64')}`
}
