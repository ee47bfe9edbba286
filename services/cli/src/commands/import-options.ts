import { nearest } from '@deskpulse/contract'
import {
  type ImportKind,
  importKinds,
  importLanguages,
  type ImportLanguage,
} from '@deskpulse/imports'
import { usageFailure } from '../command-line/failure.ts'
import type { CommandSpec, Typed } from '../command-line/spec.ts'
import { destinationOptions } from './destination.ts'

const names = importKinds.map(({ name }) => name)

export const importSpec: CommandSpec = {
  name: 'import',
  summary: `Send the rows of a CSV file. Its KIND: ${names.join(', ')}.`,
  usage: 'deskpulse import KIND FILE --tenant T (--url URL | --brokers HOST:PORT[,…]) [options]',
  positionals: ['KIND', '[FILE]'],
  options: {
    ...destinationOptions,
    'dry-run': { help: 'Only checks the file, and says how many rows would be sent.' },
    template: { help: 'Writes a file of the kind to begin with: the header and two rows.' },
    lang: { value: 'en|zh', help: 'Language of the template. Default en.' },
    'time-zone': {
      value: 'ZONE',
      help: 'IANA zone of times without an offset, e.g. Asia/Shanghai. Default: they need one.',
    },
    source: { value: 'URI', help: "The events' source. Default /import/KIND." },
    help: { short: 'h', help: 'This text.' },
  },
  examples: [
    'deskpulse import quality --template --lang zh > scores.csv',
    'deskpulse import quality scores.csv --tenant acme --dry-run',
    'deskpulse import quality scores.csv --tenant acme --url http://127.0.0.1:8080',
  ],
}

/** @throws CommandFailure (usage) */
export function importKindOf(typed: Typed): ImportKind {
  const name = typed.positionals[0] ?? ''
  const kind = importKinds.find((one) => one.name === name)
  if (kind !== undefined) return kind
  const near = nearest(name, names)
  throw usageFailure(
    `unknown kind ${JSON.stringify(name)}; ${near === null ? `one of ${names.join(', ')}` : `did you mean ${near}?`}`,
  )
}

/** @throws CommandFailure (usage) */
export function languageOf(typed: Typed): ImportLanguage {
  const given = typed.text('lang') ?? 'en'
  const language = importLanguages.find((one) => one === given)
  if (language === undefined)
    throw usageFailure(`--lang must be en or zh, not ${JSON.stringify(given)}`)
  return language
}

/** @throws CommandFailure (usage) */
export function timeZoneOf(typed: Typed): string | null {
  const timeZone = typed.text('time-zone')
  if (timeZone === undefined) return null
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone
  } catch {
    throw usageFailure(
      `--time-zone must be an IANA zone such as Asia/Shanghai, not ${JSON.stringify(timeZone)}`,
    )
  }
}

/** @throws CommandFailure (usage) */
export function sourceOf(typed: Typed, kind: ImportKind): string {
  const source = typed.text('source') ?? `/import/${kind.name}`
  if (!/^[^\p{Cc}]{1,256}$/u.test(source))
    throw usageFailure('--source must be text of 1 to 256 characters on one line')
  return source
}

/** @throws CommandFailure (usage) */
export function importPath(typed: Typed): string {
  const path = typed.positionals[1]
  if (path === undefined) throw usageFailure(`FILE is missing; usage: ${importSpec.usage}`)
  return path
}
