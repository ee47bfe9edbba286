import { parseSync, visitorKeys, type Node } from 'oxc-parser'
import { replacementsOf } from './operators.ts'

/** One small change of a source text, as a slip of a programmer's would be. */
export type Mutant = {
  /** From the repository's root. */
  readonly path: string
  /** From 1. */
  readonly line: number
  readonly start: number
  readonly end: number
  readonly original: string
  readonly replacement: string
}

/** Every mutant of a text, in the order of its places. What is about types alone has none: the type checker sees to that. */
export function mutantsOf(path: string, source: string): readonly Mutant[] {
  const { program, errors } = parseSync(path, source)
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]!.message}`)
  const mutants: Mutant[] = []
  walk(program, null, (node, parent) => {
    for (const { start, end, text } of replacementsOf(node, parent, source)) {
      const line = source.slice(0, start).split('\n').length
      mutants.push({ path, line, start, end, original: source.slice(start, end), replacement: text })
    }
  })
  return mutants.sort((a, b) => a.start - b.start)
}

export const mutated = (source: string, { start, end, replacement }: Mutant): string =>
  source.slice(0, start) + replacement + source.slice(end)

/** `a < b` → `a <= b`, with where it is. */
export const textOf = ({ path, line, original, replacement }: Mutant): string =>
  `${path}:${line}: ${oneLine(original)} → ${replacement === '' ? 'nothing' : oneLine(replacement)}`

const oneLine = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 120 ? `${line.slice(0, 117)}…` : line
}

const expressionsOfTypes = new Set(['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression'])

function walk(node: Node, parent: Node | null, visit: (node: Node, parent: Node | null) => void): void {
  if (node.type.startsWith('TS') && !expressionsOfTypes.has(node.type)) return
  visit(node, parent)
  const children = node as unknown as Readonly<Record<string, Node | readonly (Node | null)[] | null | undefined>>
  for (const key of visitorKeys[node.type] ?? []) {
    const child = children[key]
    for (const one of Array.isArray(child) ? (child as readonly (Node | null)[]) : [child as Node | null | undefined]) {
      if (one !== null && one !== undefined) walk(one, node, visit)
    }
  }
}
