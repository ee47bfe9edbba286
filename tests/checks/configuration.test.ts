import { parseConfig } from '@deskpulse/contract'
import { describe, expect, test } from 'vitest'
import { readText } from './files.ts'

const page = readText('docs/configuration.md')

function documented(heading: string): readonly string[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
  return [...section.matchAll(/^\| `([\w.]+)` *\|/gm)].map(([, key = '']) => key).toSorted()
}

/** The keys of a block, as the parser itself names them when it meets one that it does not know. */
function keysOf(...block: readonly string[]): readonly string[] {
  const raw = [...block, 'xxxxxxxxxxxx'].reduceRight<unknown>((value, key) => ({ [key]: value }), true)
  const parsed = parseConfig(raw)
  const expected = parsed.ok ? '' : (parsed.errors[0]?.expected ?? '')
  return expected.replace('one of ', '').split(', ')
}

describe('docs/configuration.md and the schema name the same keys', () => {
  test('of the installation', () => {
    const blocks = ['kafka', 'redis', 'http', 'ingest', 'log', 'alerts']
    const plain = keysOf().filter((key) => !blocks.includes(key))
    const nested = blocks.flatMap((block) => keysOf(block).map((key) => `${block}.${key}`))
    expect(documented('Keys of the installation')).toEqual([...plain, ...nested].toSorted())
  })

  test('of a tenant', () => {
    expect(documented('Keys of a tenant')).toEqual([...keysOf('tenants', 'acme')].toSorted())
  })
})
