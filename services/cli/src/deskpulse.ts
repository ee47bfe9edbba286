import { createRequire } from 'node:module'
import { nearest, withoutSecrets } from '@deskpulse/contract'
import { commandHelp, generalHelp, groupHelp } from './command-line/help.ts'
import { CommandFailure, exitCodes, usageFailure, type ExitCode } from './command-line/failure.ts'
import { parseCommand } from './command-line/parse.ts'
import type { Command, Context } from './commands/command.ts'
import { commands } from './commands/index.ts'

/** The whole command line: `args` without the program's name. Explains failures on `err`; a bug is thrown. */
export async function deskpulse(args: readonly string[], context: Context): Promise<ExitCode> {
  try {
    return await dispatch(args, context)
  } catch (error) {
    if (!isOperating(error)) throw error
    context.terminal.err(`deskpulse: ${withoutSecrets(error.message)}\n`) // A server may repeat what it was sent.
    return context.signal.aborted
      ? exitCodes.interrupted
      : error instanceof CommandFailure
        ? error.exitCode
        : exitCodes.failed
  }
}

/** Our own failures, and those of the log behind `--brokers`, which carry a code of the catalogue. */
function isOperating(error: unknown): error is Error {
  return (
    error instanceof CommandFailure || (error instanceof Error && error.name === 'DeskpulseError')
  )
}

async function dispatch(args: readonly string[], context: Context): Promise<ExitCode> {
  const [first, second] = args
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    return told(generalHelp(commands.map(({ spec }) => spec)), first !== undefined, context)
  }
  if (first === '--version') {
    context.terminal.out(`deskpulse ${version()}\n`)
    return exitCodes.ok
  }
  const group = groupOf(first)
  if (group.length > 0 && (second === undefined || second === '--help' || second === '-h'))
    return told(
      groupHelp(
        first,
        group.map(({ spec }) => spec),
      ),
      second !== undefined,
      context,
    )
  const command = commandOf(args)
  const rest = args.slice(wordsOf(command).length)
  if (rest.some((arg) => arg === '--help' || arg === '-h')) {
    context.terminal.out(commandHelp(command.spec))
    return exitCodes.ok
  }
  return command.run(parseCommand(command.spec, rest), context)
}

/** A help that nobody asked for says that something is missing. */
function told(help: string, isAsked: boolean, { terminal }: Context): ExitCode {
  if (isAsked) terminal.out(help)
  else terminal.err(help)
  return isAsked ? exitCodes.ok : exitCodes.usage
}

/** Commands of two words that begin with this one. */
const groupOf = (first: string): readonly Command[] =>
  commands.filter((one) => wordsOf(one).length > 1 && wordsOf(one)[0] === first)

const wordsOf = ({ spec }: Command): readonly string[] => spec.name.split(' ')

/** The command whose words the arguments begin with. */
function commandOf(args: readonly string[]): Command {
  const command = commands.find((one) => wordsOf(one).every((word, at) => word === args[at]))
  if (command !== undefined) return command
  const [first = '', second = '-'] = args
  const isOption = first.startsWith('-')
  const typed = groupOf(first).length > 0 && !second.startsWith('-') ? `${first} ${second}` : first
  const near = nearest(
    typed,
    isOption ? ['--help', '--version'] : commands.map(({ spec }) => spec.name),
  )
  throw usageFailure(
    `unknown ${isOption ? 'option' : 'command'} ${typed}; ${near === null ? 'see deskpulse --help' : `did you mean ${near}?`}`,
  )
}

function version(): string {
  const manifest = createRequire(import.meta.url)('../package.json') as { version: string }
  return manifest.version
}
