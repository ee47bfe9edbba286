import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { importKinds, importLanguages, templateOf, textIn } from '@deskpulse/imports'
import { expect, test } from 'vitest'
import { exitCodes } from './command-line/failure.ts'
import { commands } from './commands/index.ts'
import { destinationOptions } from './commands/destination.ts'
import { placeOptions } from './keys/place.ts'
import { mappableTypes } from './replay/xes/mapping.ts'

const read = (name: string): string =>
  readFileSync(resolve(import.meta.dirname, '../../../docs', name), 'utf8')
const page = read('cli.md')
const sections = new Map(page.split(/^## /m).map((section) => [section.split('\n')[0]!, section]))

/** Options in the tables of a section, with what stands for their value. */
function documented(heading: string): string[] {
  const rows = (sections.get(heading) ?? '').matchAll(/^\| `(--[^`]+)` +\|/gm)
  return [...rows].map(([, option]) => option!.replaceAll('\\|', '|')).toSorted()
}

function spelled(options: (typeof commands)[number]['spec']['options']): string[] {
  return Object.entries(options)
    .map(([name, { value }]) => `--${name}${value === undefined ? '' : ` ${value}`}`)
    .toSorted()
}

test('docs/cli.md has a section for each command, and no other', () => {
  const headings = [...sections.keys()]
    .filter((heading) => heading.startsWith('deskpulse '))
    .toSorted()
  expect(headings).toEqual(commands.map(({ spec }) => `deskpulse ${spec.name}`).toSorted())
})

/** Options that several commands share, by the section that has them. */
const sharedOptions = { 'Where events go': destinationOptions, 'Where keys are': placeOptions }

test.each(Object.entries(sharedOptions))(
  'docs/cli.md lists exactly the options of "%s"',
  (heading, options) => {
    expect(documented(heading)).toEqual(spelled(options))
  },
)

test.each(commands.map(({ spec }) => spec))(
  'docs/cli.md lists exactly the own options of $name, and its usage',
  ({ name, options, usage }) => {
    const shared = new Set<unknown>(
      Object.values(sharedOptions).flatMap((options) => Object.values(options)),
    )
    const own = Object.fromEntries(
      Object.entries(options).filter(([, option]) => !shared.has(option)),
    )
    expect(documented(`deskpulse ${name}`)).toEqual(spelled(own))
    expect(page).toContain(`\`${usage}\``)
  },
)

test('docs/cli.md lists exactly the exit codes and the types that an activity can become', () => {
  const codes = [...page.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code))
  expect(codes).toEqual(Object.values(exitCodes))
  const types =
    page
      .split('\n\n')
      .find((paragraph) => paragraph.startsWith('Types that an activity can become: ')) ?? ''
  expect([...types.matchAll(/`([^`]+)`/g)].map(([, type]) => type)).toEqual([...mappableTypes])
})

test('docs/howto/import.md has each kind: its type, its columns, what a row is about, and its templates', () => {
  const kinds = read('howto/import.md').split(/^### /m).slice(1)
  expect(kinds.map((section) => section.split('\n')[0])).toEqual(
    importKinds.map(({ name }) => name),
  )
  for (const [place, kind] of importKinds.entries()) {
    const names = (keys: readonly string[]): string =>
      keys.map((key) => `\`${textIn(kind.columns[key]!.name, 'en')}\``).join(', ')
    const required = Object.keys(kind.columns).filter((key) => kind.columns[key]!.isRequired)
    const section = kinds[place]!
    expect(section).toContain(
      `Each row is sent as \`${kind.type}\`. Required: ${names(required)}.\n`,
    )
    if (kind.about.length > 0) expect(section).toContain(`A row is about: ${names(kind.about)}.\n`)
    for (const language of importLanguages) {
      const template = templateOf(kind, language).replace('\uFEFF', '').replaceAll('\r\n', '\n')
      expect(section).toContain(`\`\`\`csv\n${template}\`\`\``)
    }
  }
})
