import { attributeNames, type ContactAttributes, type DimensionValues } from './measure.ts'

/**
 * A combination of dimension values. As long as the table below is not started over, equal combinations are one object. A number stands for one
 * combination alone, for good: what was computed for it is found by its number.
 */
export class DimensionSet implements DimensionValues {
  readonly queue: DimensionValues['queue']
  readonly agent: string | undefined
  readonly channel: string | undefined
  readonly class: string | undefined
  readonly topic: string | undefined
  readonly priority: string | undefined
  readonly skill: string | undefined
  readonly shop: string | undefined
  readonly intent: string | undefined
  readonly appeal: string | undefined
  readonly #number: number

  constructor(
    { queue, agent, channel, class: channelClass, appeal }: Others,
    { topic, priority, skill, shop, intent }: ContactAttributes,
    number: number,
  ) {
    this.queue = queue
    this.agent = agent
    this.channel = channel
    this.class = channelClass
    this.topic = topic
    this.priority = priority
    this.skill = skill
    this.shop = shop
    this.intent = intent
    this.appeal = appeal
    this.#number = number
  }

  static numberOf(set: DimensionSet): number {
    return set.#number
  }
}

type Others = Omit<DimensionValues, keyof ContactAttributes>

/** The table of all sets, a level for each dimension; of the attributes, in the order of `attributeNames`, up to the last one that is there. What few have is behind all others. */
type Node = { set: DimensionSet | undefined; next: Map<string | undefined, Node> | undefined }

/** The table starts over when it has so many nodes, some 50 MB at worst: sources can invent any number of combinations. */
export const dimensionNodesMax = 200_000

const newNode = (): Node => ({ set: undefined, next: undefined })

let root = newNode()
let nodes = 0
let sets = 0

function step(node: Node, value: string | undefined): Node {
  const next = (node.next ??= new Map())
  let known = next.get(value)
  if (known === undefined) {
    next.set(value, (known = newNode()))
    nodes += 1
  }
  return known
}

const noAttributes: ContactAttributes = {}

/**
 * Asked for lately: mostly the next one, too, as a contact is credited where it was opened, where it stands and to who writes, again and again. The latest
 * is the first.
 */
const recent: DimensionSet[] = []
const recentMax = 6

function isOf(set: DimensionSet, others: Others, attributes: ContactAttributes): boolean {
  return (
    set.queue === others.queue &&
    set.agent === others.agent &&
    set.channel === others.channel &&
    set.class === others.class &&
    set.topic === attributes.topic &&
    set.priority === attributes.priority &&
    set.skill === attributes.skill &&
    set.shop === attributes.shop &&
    set.intent === attributes.intent &&
    set.appeal === others.appeal
  )
}

/** The set of these values. The objects that are given are not kept, but for a list of queues, which must not change. */
export function dimensionSet(
  others: Others,
  attributes: ContactAttributes = noAttributes,
): DimensionSet {
  if (nodes >= dimensionNodesMax) {
    root = newNode()
    nodes = 0
  }
  for (let place = 0; place < recent.length; place += 1) {
    const set = recent[place]!
    if (isOf(set, others, attributes)) return asLatest(set, place)
  }
  let node = step(
    step(step(step(root, queueKey(others.queue)), others.agent), others.channel),
    others.class,
  )
  const levels = others.appeal === undefined ? levelsOf(attributes) : attributeNames.length
  for (let level = 0; level < levels; level += 1)
    node = step(node, attributes[attributeNames[level]!])
  if (others.appeal !== undefined) node = step(node, others.appeal)
  node.set ??= new DimensionSet(others, attributes, (sets += 1))
  return asLatest(node.set, Math.min(recent.length, recentMax - 1))
}

/** Moves it, or puts it, to the first place: those before `place` move back by one. */
function asLatest(set: DimensionSet, place: number): DimensionSet {
  for (let at = place; at > 0; at -= 1) recent[at] = recent[at - 1]!
  recent[0] = set
  return set
}

/** The number of the set of these values. */
export function numberOf(dimensions: DimensionValues): number {
  return DimensionSet.numberOf(
    dimensions instanceof DimensionSet ? dimensions : dimensionSet(dimensions, dimensions),
  )
}

const queueKey = (queue: DimensionValues['queue']): string | undefined =>
  queue === undefined || typeof queue === 'string'
    ? queue
    : `\u0000${queue.length}\u0000${queue.join('\u0000')}` // No id holds a control character.

function levelsOf({ topic, priority, skill, shop, intent }: ContactAttributes): number {
  if (intent !== undefined) return 5
  if (shop !== undefined) return 4
  if (skill !== undefined) return 3
  if (priority !== undefined) return 2
  return topic === undefined ? 0 : 1
}

/** Equal sets are one object as long as the table is not started over; plain values never are. */
export function equalDimensions(a: DimensionValues, b: DimensionValues): boolean {
  if (a === b) return true
  const queuesA = a.queue
  const queuesB = b.queue
  const sameQueue =
    queuesA === queuesB ||
    (typeof queuesA === 'object' &&
      typeof queuesB === 'object' &&
      queuesA.length === queuesB.length &&
      queuesA.every((queue, index) => queue === queuesB[index]))
  return (
    sameQueue &&
    a.agent === b.agent &&
    a.channel === b.channel &&
    a.class === b.class &&
    a.appeal === b.appeal &&
    attributeNames.every((name) => a[name] === b[name])
  )
}
