import { endpointKinds, parseConfig } from '@deskpulse/contract'
import { shippedRules } from '@deskpulse/core/alerts'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { selfSigned } from '../support/certificate.ts'
import { readText } from './files.ts'

const page = readText('docs/configuration.md')

const floor = { name: 'floor', kind: 'slack', url: 'https://floor.example.com' }
const sectionOf = (heading: string): string =>
  page.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''

function documented(heading: string): readonly string[] {
  return [...sectionOf(heading).matchAll(/^\| `([\w.]+)` *\|/gm)]
    .map(([, key = '']) => key)
    .toSorted()
}

/** The keys of a block, as the parser itself names them when it meets one that it does not know. */
function keysOf(...block: readonly string[]): readonly string[] {
  const raw = [...block, 'xxxxxxxxxxxx'].reduceRight<unknown>(
    (value, key) => ({ [key]: value }),
    true,
  )
  const parsed = parseConfig(raw)
  const expected = parsed.ok
    ? ''
    : (parsed.errors.find(({ got }) => got === 'unknown key')?.expected ?? '')
  return expected.replace('one of ', '').split(', ')
}

/** Rows of the section's tables of keys; a key may stand in several. */
function documentedKeys(heading: string): readonly string[] {
  const tables = sectionOf(heading)
    .split(/^\| (?=key)/m)
    .slice(1)
  const keys = tables.flatMap((table) => [
    ...(table.split('\n\n')[0] ?? '').matchAll(/^\| `(\w+)` *\|/gm),
  ])
  return [...new Set(keys.map(([, key = '']) => key))].toSorted()
}

/** The same for an entry of a list of `alerts`. */
function keysOfEntry(list: string): readonly string[] {
  const parsed = parseConfig({ alerts: { [list]: [{ xxxxxxxxxxxx: true }] } })
  const expected = parsed.ok
    ? ''
    : (parsed.errors.find(({ got }) => got === 'unknown key')?.expected ?? '')
  return expected.replace('one of ', '').split(', ')
}

/** What the files of examples hold: what their names say. */
const certificate = selfSigned({ hosts: ['example'] })
const readFile = (name: string): string =>
  name.endsWith('.pem')
    ? certificate.cert
    : name.endsWith('key')
      ? certificate.key
      : `a-secret-of${name.replaceAll('/', '-')}`

const examples = [...page.matchAll(/```yaml\n(?<yaml>.*?)```/gs)].map(
  ({ groups }) => groups?.['yaml'] ?? '',
)

test.each(examples)('an example is a configuration:\n%s', (yaml) => {
  const example = parse(yaml) as { readonly alerts?: object }
  // What an example leaves to another one: the endpoints and tenants that it names.
  const others = {
    tenants: { acme: null },
    ...example,
    ...(example.alerts && { alerts: { endpoints: [floor], ...example.alerts } }),
  }
  expect(parseConfig(others, {}, { readFile })).toMatchObject({ ok: true })
})

const elsewhere = ['README.md', 'docs/alerts.md', 'docs/operations.md'].flatMap((name) =>
  [...readText(name).matchAll(/```yaml\n(?<yaml>.*?)```/gs)].map(({ groups }) => ({
    name,
    yaml: groups?.['yaml'] ?? '',
  })),
)

test.each(elsewhere)('an example of $name is a configuration as it stands:\n$yaml', ({ yaml }) => {
  expect(parseConfig(parse(yaml), {}, { tenantsBeside: ['demo'], readFile })).toMatchObject({
    ok: true,
  })
})

test('there is an example of each kind of endpoint', () => {
  const kinds = examples.flatMap((yaml) =>
    [...yaml.matchAll(/kind: (\w+),\s+url/g)].map(([, kind]) => kind),
  )
  expect(new Set(kinds)).toEqual(new Set(endpointKinds))
})

test('the shipped rules are listed, and no other', () => {
  const rows = [...sectionOf('Rules').matchAll(/^\| `([a-z0-9-]+)` +\|/gm)].map(([, name]) => name)
  const names = shippedRules.map(({ name }) => name)
  expect(rows.slice(0, names.length)).toEqual(names)
})

describe('docs/configuration.md and the schema name the same keys', () => {
  test('of the installation', () => {
    const blocks = [
      'kafka',
      'redis',
      'http',
      'health',
      'ingest',
      'aggregator',
      'deadLetters',
      'log',
      'alerts',
      'auth',
    ]
    const plain = keysOf().filter((key) => !blocks.includes(key))
    const nested = blocks.flatMap((block) => keysOf(block).map((key) => `${block}.${key}`))
    expect(documented('Keys of the installation')).toEqual([...plain, ...nested].toSorted())
  })

  test('of an endpoint and a rule', () => {
    expect(documentedKeys('Endpoints')).toEqual(keysOfEntry('endpoints').toSorted())
    expect(documentedKeys('Rules')).toEqual(keysOfEntry('rules').toSorted())
  })

  test('of people who sign in', () => {
    expect(documented('People who sign in')).toEqual([...keysOf('auth', 'oidc')].toSorted())
  })

  test('of a tenant', () => {
    expect(documented('Keys of a tenant')).toEqual([...keysOf('tenants', 'acme')].toSorted())
  })
})
