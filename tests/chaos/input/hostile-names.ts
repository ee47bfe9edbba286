import type { WireEvent } from '@deskpulse/contract'
import type { Random } from '../../../services/cli/src/simulate/random.ts'

/** Names that mean something to keys, slices, addresses, hash tags, spreadsheets or objects, and must mean nothing to us. */
const words: readonly string[] = [
  ...[
    '{vip}',
    'te/ch=1',
    'a:b',
    'x,y',
    '%41',
    '100%',
    '__proto__',
    'constructor',
    'null',
    '0',
    '-1',
    '=1+1',
  ],
  ...[
    '退款',
    'ünïcödé',
    'e\u0301',
    'שלום',
    '😀',
    'a b',
    "it's",
    'a"b',
    '<b>',
    '\\',
    '..',
    '?x#y',
    'q'.repeat(128),
  ],
]

const queueAttributes: ReadonlySet<string> = new Set(['queue', 'toQueue'])
const agentAttributes: ReadonlySet<string> = new Set([
  'agentId',
  'fromAgentId',
  'toAgentId',
  'byAgentId',
])
const idAttributes: ReadonlySet<string> = new Set(['contactId', 'customerId'])

/** Gives each queue and agent of a tenant a hostile name of its own, and puts one before each contact's and customer's. */
export function hostileNames(random: Random): (event: WireEvent) => WireEvent {
  const given = new Map<string, string>()
  const nameOf = (kind: string, value: string): string => {
    const key = `${kind} ${value}`
    const name = given.get(key) ?? drawName(kind, random, given)
    given.set(key, name)
    return name
  }
  const renamed = (attribute: string, value: unknown): unknown => {
    if (typeof value !== 'string') return value
    if (queueAttributes.has(attribute)) return nameOf('queue', value)
    if (agentAttributes.has(attribute)) return nameOf('agent', value)
    return idAttributes.has(attribute) ? `${nameOf(attribute, value.slice(-1))}/${value}` : value
  }
  return (event) => ({
    ...event,
    data: Object.fromEntries(
      Object.entries(event.data).map(([name, value]) => [name, renamed(name, value)]),
    ),
  })
}

/** Two queues, or two agents, never have one name: they would be one. */
function drawName(kind: string, random: Random, given: ReadonlyMap<string, string>): string {
  const taken = new Set(
    [...given].flatMap(([key, name]) => (key.startsWith(`${kind} `) ? [name] : [])),
  )
  const free = words.filter((word) => !taken.has(word))
  return free.length === 0 ? `${kind}-${taken.size}` : random.pick(free)
}
