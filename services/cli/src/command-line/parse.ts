import { parseArgs } from 'node:util'
import { nearest } from '@deskpulse/contract'
import { usageFailure } from './failure.ts'
import type { CommandSpec, OptionSpec, Typed } from './spec.ts'

type Token = Extract<
  NonNullable<ReturnType<typeof parseArgs>['tokens']>[number],
  { kind: 'option' }
>

/** @throws CommandFailure (usage) for an unknown option, a missing or superfluous value, and a wrong number of arguments. */
export function parseCommand(spec: CommandSpec, args: readonly string[]): Typed {
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(spec.options).map(([name, option]) => [name, configOf(option)]),
    ),
    strict: false, // Our own checks name the nearest known option.
    allowPositionals: true,
    tokens: true,
  })
  const given = new Map<string, string[]>()
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const value = checkedValue(spec, token)
    given.set(token.name, [...(given.get(token.name) ?? []), value])
  }
  checkPositionals(spec, positionals)
  return {
    positionals,
    text: (name) => given.get(name)?.at(-1),
    texts: (name) => given.get(name) ?? [],
    switched: (name) => given.has(name),
  }
}

function configOf(option: OptionSpec): { type: 'string' | 'boolean'; short?: string } {
  return {
    type: option.value === undefined ? 'boolean' : 'string',
    ...(option.short === undefined ? {} : { short: option.short }),
  }
}

function checkedValue(spec: CommandSpec, token: Token): string {
  const option = Object.hasOwn(spec.options, token.name) ? spec.options[token.name] : undefined
  if (option === undefined) throw unknownOption(spec, token)
  if (option.value === undefined) {
    if (token.value !== undefined) throw usageFailure(`${token.rawName} takes no value`)
    return ''
  }
  const looksLikeOption =
    token.value !== undefined &&
    !token.inlineValue &&
    token.value.startsWith('-') &&
    token.value.length > 1
  if (token.value === undefined || looksLikeOption) {
    throw usageFailure(`${token.rawName} needs a value: ${token.rawName} ${option.value}`)
  }
  return token.value
}

function unknownOption(spec: CommandSpec, token: Token): Error {
  const near = nearest(token.name, Object.keys(spec.options))
  const hint = near === null ? `see deskpulse ${spec.name} --help` : `did you mean --${near}?`
  return usageFailure(`unknown option ${token.rawName}; ${hint}`)
}

function checkPositionals(spec: CommandSpec, positionals: readonly string[]): void {
  const missing = spec.positionals[positionals.length]
  if (missing !== undefined && !missing.startsWith('['))
    throw usageFailure(`${missing} is missing; usage: ${spec.usage}`)
  const extra = positionals[spec.positionals.length]
  if (extra !== undefined)
    throw usageFailure(`unexpected argument ${JSON.stringify(extra)}; usage: ${spec.usage}`)
}
