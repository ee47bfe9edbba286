import type { Node } from 'oxc-parser'

/** `text` in the place of what stands from `start` to `end`. */
export type Replacement = { readonly start: number; readonly end: number; readonly text: string }

const otherOperators: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '&': ['|'],
  '|': ['&'],
  '<<': ['>>>'],
  '>>>': ['<<'],
  '&&': ['||'],
  '||': ['&&'],
  '+=': ['-='],
  '-=': ['+='],
}

const otherMethods: ReadonlyMap<string, string> = new Map([
  ['max', 'min'],
  ['min', 'max'],
  ['floor', 'ceil'],
  ['ceil', 'floor'],
  ['some', 'every'],
  ['every', 'some'],
  ['startsWith', 'endsWith'],
  ['endsWith', 'startsWith'],
  ['findIndex', 'findLastIndex'],
  ['findLastIndex', 'findIndex'],
  ['push', 'unshift'],
  ['shift', 'pop'],
])

/** Stands for a statement: nothing at all would let the next one take its place. */
export const leftOut = '{}'

/** What may stand in the place of a node, or of its parts. */
export function replacementsOf(
  node: Node,
  parent: Node | null,
  source: string,
): readonly Replacement[] {
  const text = ({ start, end }: Pick<Node, 'start' | 'end'>): string => source.slice(start, end)
  const instead = (
    { start, end }: Pick<Node, 'start' | 'end'>,
    ...texts: readonly string[]
  ): Replacement[] => texts.map((one) => ({ start, end, text: one }))

  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression':
    case 'AssignmentExpression':
      return [...operatorsOf(node, source), ...sidesOf(node, instead, text)]
    case 'IfStatement':
    case 'ConditionalExpression':
      return instead(node.test, 'true', 'false')
    case 'WhileStatement':
      return instead(node.test, 'false')
    case 'UnaryExpression':
      return node.operator === '!' || node.operator === '-'
        ? instead(node, text(node.argument))
        : []
    case 'UpdateExpression':
      return instead(
        node,
        text(node).replace(/\+\+|--/, (operator) => (operator === '++' ? '--' : '++')),
      )
    case 'Literal':
      return literalsOf(node, parent, instead)
    case 'CallExpression':
      return methodsOf(node, text)
    case 'ExpressionStatement':
      return isDirective(node) ? [] : instead(node, leftOut)
    case 'BreakStatement':
      return parent?.type === 'SwitchCase' && isLast(node, source) ? [] : instead(node, leftOut)
    case 'ReturnStatement':
    case 'ContinueStatement':
      return 'argument' in node && node.argument !== null ? [] : instead(node, leftOut)
    default:
      return []
  }
}

type Operated = Extract<
  Node,
  { type: 'BinaryExpression' | 'LogicalExpression' | 'AssignmentExpression' }
>

function operatorsOf({ left, right, operator }: Operated, source: string): Replacement[] {
  const start = left.end + source.slice(left.end, right.start).indexOf(operator)
  return (otherOperators[operator] ?? []).map((other) => ({
    start,
    end: start + operator.length,
    text: other,
  }))
}

type Instead = (place: Pick<Node, 'start' | 'end'>, ...texts: readonly string[]) => Replacement[]

/** A default that is never taken, or always. */
function sidesOf(node: Operated, instead: Instead, text: (node: Node) => string): Replacement[] {
  return node.type === 'LogicalExpression' && node.operator === '??'
    ? instead(node, `(${text(node.left)})!`, `(${text(node.right)})`)
    : []
}

function literalsOf(
  node: Extract<Node, { type: 'Literal' }>,
  parent: Node | null,
  instead: Instead,
): Replacement[] {
  if (typeof node.value === 'boolean') return instead(node, String(!node.value))
  const isKey = parent?.type === 'Property' && parent.key === node
  if (typeof node.value !== 'number' || isKey) return []
  return node.value === 0 ? instead(node, '1') : instead(node, '0', `(${node.value} + 1)`)
}

function methodsOf(
  { callee }: Extract<Node, { type: 'CallExpression' }>,
  text: (node: Node) => string,
): Replacement[] {
  if (callee.type !== 'MemberExpression' || callee.computed) return []
  const other = otherMethods.get(text(callee.property))
  return other === undefined
    ? []
    : [{ start: callee.property.start, end: callee.property.end, text: other }]
}

/** Of its switch: nothing is left to fall through to. */
const isLast = ({ end }: Node, source: string): boolean =>
  /^\s*(\/\/.*)?\s*\}/.test(source.slice(end))

const isDirective = (node: Node): boolean =>
  'directive' in node && typeof node.directive === 'string'
