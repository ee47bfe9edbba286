import { describe, expect, test } from 'vitest'
import { filesOf, readText } from './files.ts'
import { readTable, violation } from './import-table.ts'
import { importsOf } from './imports.ts'

const workspaces = filesOf('{packages,services}/*/package.json').map((path) =>
  path.split('/').slice(0, 2).join('/'),
)
const table = readTable(readText('docs/architecture.md'), workspaces)
const judge = (path: string, source: string): readonly string[] =>
  importsOf(source).flatMap((found) => violation(table, path, found) ?? [])

test('every workspace imports only what the table of docs/architecture.md allows', () => {
  const sources = filesOf('{packages,services}/*/src/**/*.ts')
  expect(sources.length).toBeGreaterThan(0)
  expect(sources.flatMap((path) => judge(path, readText(path)))).toEqual([])
})

describe('a violation is found', () => {
  test.each([
    {
      path: 'packages/core/src/a.ts',
      source: `import { readFile } from 'node:fs'`,
      rule: 'core reads nothing of Node',
    },
    {
      path: 'packages/core/src/a.ts',
      source: `import { z } from 'zod'`,
      rule: 'core has no dependency',
    },
    {
      path: 'packages/core/src/a.ts',
      source: `import type { Frame } from '@deskpulse/stream'`,
      rule: 'core knows no port',
    },
    {
      path: 'packages/contract/src/a.ts',
      source: `export * from '@deskpulse/stream'`,
      rule: 'a re-export is an import',
    },
    {
      path: 'packages/stream/src/a.ts',
      source: `import { catalogueOf } from '@deskpulse/core/kpis'`,
      rule: 'stream knows no KPI',
    },
    {
      path: 'packages/kafka/src/a.ts',
      source: `import { keys } from '@deskpulse/core/state'`,
      rule: 'kafka knows no key of the store',
    },
    {
      path: 'packages/stream/src/a.ts',
      source: `const load = () => import('@deskpulse/kafka')`,
      rule: 'a dynamic import is an import',
    },
    {
      path: 'services/api/src/a.ts',
      source: `import {\n  ingestRoutes,\n} from '@deskpulse/ingest'`,
      rule: 'a service knows no other',
    },
    {
      path: 'services/api/src/a.ts',
      source: `import '../../ingest/src/index.ts'`,
      rule: 'nor by a path',
    },
  ])('$rule', ({ path, source }) => {
    expect(judge(path, source)).toHaveLength(1)
  })
})

describe('what the table allows passes', () => {
  test.each([
    {
      path: 'packages/stream/src/a.ts',
      source: `import type { EpochMs } from '@deskpulse/core/time'`,
      rule: 'time in stream',
    },
    {
      path: 'services/api/src/a.ts',
      source: `import { measures } from '@deskpulse/core/kpis'`,
      rule: 'any door of core in a service',
    },
    {
      path: 'packages/core/src/a.test.ts',
      source: `import { test } from 'vitest'`,
      rule: 'a test framework in a test of core',
    },
    {
      path: 'services/standalone/src/a.ts',
      source: `import { x } from '@deskpulse/api'`,
      rule: 'standalone composes services',
    },
  ])('$rule', ({ path, source }) => {
    expect(judge(path, source)).toEqual([])
  })
})
