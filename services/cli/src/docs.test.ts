import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { exitCodes } from './command-line/failure.ts'
import { commands } from './commands/index.ts'
import { destinationOptions } from './commands/destination.ts'
import { mappableTypes } from './replay/xes/mapping.ts'

const page = readFileSync(resolve(import.meta.dirname, '../../../docs/cli.md'), 'utf8')
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

test('docs/cli.md lists exactly the options that all destinations share', () => {
  expect(documented('Where events go')).toEqual(spelled(destinationOptions))
})

test.each(commands.map(({ spec }) => spec))(
  'docs/cli.md lists exactly the own options of $name, and its usage',
  ({ name, options, usage }) => {
    const shared = new Set<unknown>(Object.values(destinationOptions))
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
