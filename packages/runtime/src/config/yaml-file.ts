import { readFileSync } from 'node:fs'
import type { ConfigError } from '@deskpulse/contract'
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml'

/** A file's content, or why it has none. */
export type YamlFile =
  | {
      readonly ok: true
      readonly raw: unknown
      readonly lineOf: (path: readonly PropertyKey[]) => number | undefined
    }
  | { readonly ok: false; readonly errors: readonly ConfigError[] }

export function readYaml(file: string): YamlFile {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const got = (error as NodeJS.ErrnoException).code ?? String(error)
    return { ok: false, errors: [{ path: '', expected: 'a file that can be read', got }] }
  }
  return parseYaml(text)
}

function parseYaml(text: string): YamlFile {
  const lines = new LineCounter()
  const notYaml = (message: string): ConfigError => ({
    path: '',
    expected: 'YAML',
    // The name of an alias may be a secret that begins with an asterisk.
    got: (message.split('\n')[0] ?? message).replace(/(Unresolved alias[^:]*): .*/, '$1'),
  })
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
    if (document.errors.length > 0) {
      return {
        ok: false,
        errors: document.errors.map(({ message, pos }) => ({
          ...notYaml(message),
          line: lines.linePos(pos[0]).line,
        })),
      }
    }
    const raw = document.toJS() as unknown
    return { ok: true, raw, lineOf: (path) => lineOf(document, lines, path) }
  } catch (error) {
    return { ok: false, errors: [notYaml(String(error))] } // Aliases without end, or levels past the stack.
  }
}

/** Of the key at the path, or of the last one on the way that the file has. */
function lineOf(
  document: Document,
  lines: LineCounter,
  path: readonly PropertyKey[],
): number | undefined {
  let node: unknown = document.contents
  let found: Node | null = null
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document)
    const [key, value] = childOf(node, String(part))
    if (key === null) break
    found = key
    node = value
  }
  return found?.range ? lines.linePos(found.range[0]).line : undefined
}

/** What marks the child's place, and the child. */
function childOf(node: unknown, part: string): readonly [Node | null, unknown] {
  if (isSeq<Node>(node)) return [node.items[Number(part)] ?? null, node.items[Number(part)]]
  if (!isMap<Node, Node>(node)) return [null, null]
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === part)
  return [pair?.key ?? null, pair?.value]
}
