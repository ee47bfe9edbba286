import { withoutLetters } from '@deskpulse/contract'
import type { RewritableTopic } from '@deskpulse/stream'
import { exitCodes, usageFailure, type ExitCode } from '../../command-line/failure.ts'
import type { CommandSpec, Typed } from '../../command-line/spec.ts'
import { type Filter, filterOf, filterOptions } from '../../dead-letters/filter.ts'
import { lettersOf } from '../../dead-letters/reading.ts'
import { topicOptions, withDeadLetters } from '../../dead-letters/topic.ts'
import { counted, unreadableNote } from '../../dead-letters/words.ts'
import type { Command, Context } from '../command.ts'

const spec: CommandSpec = {
  name: 'dead-letters erase',
  summary: 'Erase refused inputs, for good.',
  usage: 'deskpulse dead-letters erase (--data-dir DIR | --brokers HOST:PORT[,…]) [options]',
  positionals: [],
  options: {
    ...topicOptions,
    ...filterOptions,
    all: {
      help: 'Erases every letter, where no other option chooses any; also what cannot be read, and the receipts of replays.',
    },
    'dry-run': { help: 'Erases nothing, and says how much would be.' },
    help: { short: 'h', help: 'This text.' },
  },
  examples: [
    'deskpulse dead-letters erase --data-dir .deskpulse --tenant acme --until 2026-03-02T00:00:00Z --dry-run',
    'deskpulse dead-letters erase --brokers kafka:9092 --source /chat/acme',
  ],
}

export const eraseCommand: Command = { spec, run: erase }

async function erase(typed: Typed, context: Context): Promise<ExitCode> {
  const filter = filterOf(typed)
  const isAll = typed.switched('all')
  if (isAll !== filter.isAll)
    throw usageFailure(
      isAll
        ? '--all goes with no option that chooses letters'
        : `which letters? ${choosing}; or --all`,
    )
  const { terminal, signal } = context
  await withDeadLetters(typed, context, async (topic) => {
    const { letters, inputs, unreadable } = await countOf(topic, filter, signal)
    const what = `${counted(letters, 'letter')} of ${counted(inputs, 'refused input')}`
    if (typed.switched('dry-run') || signal.aborted) terminal.out(`would erase ${what}\n`)
    else {
      // Of --all nothing stays, not even receipts. Else only when something goes: on Kafka a rewriting writes what stays again.
      if (isAll || letters > 0)
        await topic.rewrite(
          isAll ? () => 'remove' : (record) => withoutLetters(record, filter.matches),
        )
      terminal.out(`erased ${what}\n`)
    }
    if (!isAll) terminal.err(unreadableNote(unreadable))
  })
  return signal.aborted ? exitCodes.interrupted : exitCodes.ok
}

const choosing = Object.keys(filterOptions)
  .map((name) => `--${name}`)
  .join(', ')

async function countOf(topic: RewritableTopic, { matches }: Filter, signal: AbortSignal) {
  let [letters, inputs, unreadable] = [0, 0, 0]
  for await (const { letter } of lettersOf(topic, signal, () => unreadable++)) {
    if (!matches(letter)) continue
    letters += 1
    inputs += letter.times
  }
  return { letters, inputs, unreadable }
}
