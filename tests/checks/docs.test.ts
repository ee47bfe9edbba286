import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesOf, fromRoot, readText, root } from './files.ts'

const documents = filesOf('*.md', 'docs/**/*.md')

/** GitHub's anchor of a heading. */
function anchorOf(heading: string): string {
  const text = heading
    .toLowerCase()
    .replaceAll(/`/g, '')
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
  return text.trim().replaceAll(' ', '-')
}

const anchorsOf = (path: string): ReadonlySet<string> =>
  new Set([...readText(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading)))

/** Links of one document to files of the repository, as paths from the root. */
function linksOf(
  path: string,
): readonly { readonly target: string; readonly anchor: string | null }[] {
  const prose = readText(path).replaceAll(/^```.*?^```/gms, '')
  const links = [...prose.matchAll(/\]\((?<to>[^)\s]+)\)/g)].map(
    ({ groups }) => groups?.['to'] ?? '',
  )
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [file = '', anchor = null] = link.split('#')
      return { target: file === '' ? path : fromRoot(path, file), anchor }
    })
}

describe.each(documents)('%s', (path) => {
  test('links to files and headings that exist', () => {
    const broken = linksOf(path).filter(({ target, anchor }) => {
      if (!existsSync(join(root, target))) return true
      return anchor !== null && target.endsWith('.md') && !anchorsOf(target).has(anchor)
    })
    expect(broken).toEqual([])
  })

  test('names scripts that package.json has', () => {
    const { scripts } = JSON.parse(readText('package.json')) as {
      readonly scripts: Readonly<Record<string, string>>
    }
    const named = [...readText(path).matchAll(/npm run (?:-\S+ )*([a-z:]+)/g)].map(
      ([, name = '']) => name,
    )
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
  })
})

test('every document can be reached from the README', () => {
  const reached = new Set(['README.md'])
  for (const path of reached) {
    for (const { target } of linksOf(path)) if (documents.includes(target)) reached.add(target)
  }
  expect(documents.filter((path) => !reached.has(path))).toEqual([])
})
