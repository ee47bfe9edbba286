import { parseSync, visitorKeys, type Node } from 'oxc-parser'
import { leftOut, replacementsOf } from './operators.ts'

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
  /** What can be written anew as a whole, with the change in it. */
  readonly place: Place
}

/** An expression or a statement. */
export type Place = { readonly start: number; readonly end: number; readonly isStatement: boolean }

/** Every mutant of a text, in the order of its places. What is about types alone has none: the type checker sees to that. */
export function mutantsOf(path: string, source: string): readonly Mutant[] {
  const { program, errors } = parseSync(path, source)
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]!.message}`)
  const mutants: Mutant[] = []
  walk(program, [], (node, ancestors) => {
    for (const { start, end, text } of replacementsOf(node, ancestors.at(-1) ?? null, source)) {
      const line = source.slice(0, start).split('\n').length
      mutants.push({
        path,
        line,
        start,
        end,
        original: source.slice(start, end),
        replacement: text,
        place: placeOf(node, ancestors),
      })
    }
  })
  return mutants.sort((a, b) => a.start - b.start)
}

export const mutated = (
  source: string,
  mutant: Mutant,
  { start, end }: Pick<Place, 'start' | 'end'> = { start: 0, end: source.length },
): string => source.slice(start, mutant.start) + mutant.replacement + source.slice(mutant.end, end)

/** `a < b` → `a <= b`, with where it is. */
export const textOf = ({ path, line, original, replacement }: Mutant): string =>
  `${path}:${line}: ${oneLine(original)} → ${replacement === leftOut ? 'nothing' : oneLine(replacement)}`

const oneLine = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 120 ? `${line.slice(0, 117)}…` : line
}

const statements = new Set([
  'ExpressionStatement',
  'BreakStatement',
  'ContinueStatement',
  'ReturnStatement',
])
const wholes = new Set(['ExpressionStatement', 'ChainExpression'])

/** `a?.b.c` is one, and so is a statement that begins with it: after a line without a semicolon none may begin with a bracket. */
function placeOf(node: Node, ancestors: readonly Node[]): Place {
  const part = 'test' in node && node.test !== null ? node.test : node
  const { type, start, end } =
    ancestors.find((one) => one.start === part.start && wholes.has(one.type)) ?? part
  return { start, end, isStatement: statements.has(type) }
}

const expressionsOfTypes = new Set([
  'TSAsExpression',
  'TSNonNullExpression',
  'TSSatisfiesExpression',
])

/** `ancestors`: from the outermost. */
function walk(
  node: Node,
  ancestors: readonly Node[],
  visit: (node: Node, ancestors: readonly Node[]) => void,
): void {
  if (node.type.startsWith('TS') && !expressionsOfTypes.has(node.type)) return
  visit(node, ancestors)
  const within = [...ancestors, node]
  const children = node as unknown as Readonly<
    Record<string, Node | readonly (Node | null)[] | null | undefined>
  >
  for (const key of visitorKeys[node.type] ?? []) {
    const child = children[key]
    for (const one of Array.isArray(child)
      ? (child as readonly (Node | null)[])
      : [child as Node | null | undefined]) {
      if (one !== null && one !== undefined) walk(one, within, visit)
    }
  }
}
