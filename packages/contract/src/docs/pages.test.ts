import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { foldRefusalCodes, problemCodes, refusalCodes } from '../errors/index.ts'
import { generatedPages } from './pages.ts'

const pages = await generatedPages()

test.each(pages.map((page) => ({ ...page, name: basename(page.path) })))(
  'docs/…/$name is what the code says',
  ({ text, fresh }) => {
    expect(text).toBe(fresh)
  },
)

test('docs/errors.md and the catalogue list the same codes', async () => {
  const path = pages.find((page) => page.path.endsWith('errors.md'))!.path
  const [, generated = ''] = (await readFile(path, 'utf8')).split(/<!-- generated[^>]*-->/)
  const listed = [...generated.matchAll(/^\| `([a-z-]+)`/gm)].map(([, code]) => code)
  const known = [refusalCodes, foldRefusalCodes, problemCodes].flatMap((codes) =>
    Object.keys(codes),
  )
  expect(listed).toEqual(known)
})
