import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { workbench } from './testing/product.ts'

type Document = {
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly operationId?: string
            readonly responses: object
            readonly tags: readonly string[]
            readonly parameters?: readonly { readonly name: string; readonly in: string }[]
          }
        >
      >
    >
  >
  readonly components: { readonly schemas: object }
}

const page = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8')

async function documentOf(): Promise<Document> {
  await using bench = workbench()
  const address = await bench.start('--no-simulator').ready()
  return (await (await fetch(`${address}openapi.json`)).json()) as Document
}

const document = await documentOf()
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    path,
    address: `${method.toUpperCase()} ${path}`,
    ...operation,
  })),
)

function referencesOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) =>
    key === '$ref' ? [String(part)] : referencesOf(part),
  )
}

test('the document of the whole product and docs/api.md list the same addresses', () => {
  const table = page.slice(page.indexOf('| address'), page.indexOf('## Events in'))
  const onPage = [...table.matchAll(/`((?:GET|POST|PUT|DELETE) \/[^`]+)`/g)].map(
    ([, address]) => address,
  )
  expect(new Set(operations.map(({ address }) => address))).toEqual(new Set(onPage))
})

test('the document refers only to what it holds, and to all of it', () => {
  const held = Object.keys(document.components.schemas).map(
    (name) => `#/components/schemas/${name}`,
  )
  expect(new Set(referencesOf(document))).toEqual(new Set(held))
})

test('every operation has a name of its own', () => {
  expect(new Set(operations.map(({ operationId }) => operationId ?? '')).size).toBe(
    operations.length,
  )
})

test.each(operations)(
  '$address declares its path parameters, and what any address may answer',
  ({ path, parameters = [], responses }) => {
    const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect(parameters.filter((one) => one.in === 'path').map((one) => one.name)).toEqual(wanted)
    expect(responses).toMatchObject({ 400: {}, 405: {}, 431: {}, 500: {} })
  },
)

test('the document tells what webhooks receive', () => {
  const schema = { $ref: '#/components/schemas/WebhookBody' }
  expect(document).toMatchObject({
    webhooks: { alert: { post: { requestBody: { content: { 'application/json': { schema } } } } } },
  })
})

test('changes may be forbidden to other sites, and those of alerts may take longer than the answer waits', () => {
  const changes = operations.filter(
    ({ address }) => !address.startsWith('GET') && !address.endsWith('/events'),
  )
  expect(changes.filter(({ responses }) => !('403' in responses))).toEqual([])
  expect(
    changes
      .filter(({ tags }) => !tags.includes('access'))
      .filter(({ responses }) => !('202' in responses))
      .map(({ operationId }) => operationId),
  ).toEqual(['eraseCustomer', 'tryAlertRule'])
})
