import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { nearest } from '@deskpulse/contract'
import { CommandFailure, reasonOf, usageFailure } from '../../command-line/failure.ts'

/** What an activity of an XES log can become; all can be told from a case, a time and an agent alone. */
export const mappableTypes = [
  'contact.queued',
  'contact.assigned',
  'message.sent:customer',
  'message.sent:agent',
  'contact.pended',
  'contact.resumed',
  'contact.work_started',
  'contact.work_ended',
  'contact.escalated',
  'contact.unassigned',
  'contact.released',
  'contact.wrapped_up',
  'contact.ended',
  'contact.abandoned',
  'contact.resolved',
  'contact.reopened',
  'contact.closed',
  'contact.discarded',
] as const
export type MappableType = (typeof mappableTypes)[number]

/** How a log's cases and activities become canonical events (docs/cli.md). */
export type XesMapping = {
  readonly source: string
  readonly channel: string
  readonly queue: string
  /** Activities that are not named become nothing. */
  readonly activities: ReadonlyMap<string, MappableType>
  /** XES keys: of the trace for `case` and `customer`, of the event for the others. Without `customer` the case is its own customer. */
  readonly attributes: {
    readonly case: string
    readonly customer: string | null
    readonly activity: string
    readonly time: string
    readonly agent: string
  }
}

/** The help desk log's mapping: what `replay` does without options. */
export const defaultMapping: Omit<XesMapping, 'source'> = {
  channel: 'ticket',
  queue: 'helpdesk',
  activities: new Map([
    ['Take in charge ticket', 'contact.assigned'],
    ['Resolve ticket', 'contact.resolved'],
    ['Closed', 'contact.closed'],
  ]),
  attributes: {
    case: 'concept:name',
    customer: null,
    activity: 'concept:name',
    time: 'time:timestamp',
    agent: 'org:resource',
  },
}

export type MappingPart = {
  readonly source?: string | undefined
  readonly channel?: string | undefined
  readonly queue?: string | undefined
  readonly activities?: ReadonlyMap<string, MappableType> | undefined
  readonly attributes?: Partial<XesMapping['attributes']> | undefined
}

/** Later parts win. `activities` of a part replace those before it; see `addActivities` for flags, which add. */
export function mappingOf(source: string, ...parts: readonly MappingPart[]): XesMapping {
  let mapping: XesMapping = { source, ...defaultMapping }
  for (const part of parts) {
    mapping = {
      source: part.source ?? mapping.source,
      channel: part.channel ?? mapping.channel,
      queue: part.queue ?? mapping.queue,
      activities: part.activities ?? mapping.activities,
      attributes: { ...mapping.attributes, ...part.attributes },
    }
  }
  return mapping
}

/** `ACTIVITY=TYPE` from the command line; a name may hold `=`, a type does not. An empty type drops the activity. */
export function addActivities(mapping: XesMapping, flags: readonly string[]): XesMapping {
  const activities = new Map(mapping.activities)
  for (const flag of flags) {
    const cut = flag.lastIndexOf('=')
    if (cut < 1) throw usageFailure(`--map must be ACTIVITY=TYPE, not ${JSON.stringify(flag)}`)
    const type = flag.slice(cut + 1)
    if (type === '') activities.delete(flag.slice(0, cut))
    else activities.set(flag.slice(0, cut), mappableType(type, '--map'))
  }
  return { ...mapping, activities }
}

/** @throws CommandFailure naming the file and the field for what cannot be read as a mapping. */
export async function readMappingFile(path: string): Promise<MappingPart> {
  let document: unknown
  try {
    document = parse(await readFile(path, 'utf8')) // YAML holds JSON.
  } catch (cause) {
    throw new CommandFailure(`the mapping file ${path} cannot be read: ${reasonOf(cause)}`, {
      cause,
    })
  }
  const fields = record(document, path)
  const known = ['source', 'channel', 'queue', 'activities', 'attributes']
  refuseUnknown(Object.keys(fields), known, path)
  const attributes =
    fields['attributes'] === undefined
      ? undefined
      : record(fields['attributes'], `${path}: attributes`)
  if (attributes !== undefined)
    refuseUnknown(
      Object.keys(attributes),
      Object.keys(defaultMapping.attributes),
      `${path}: attributes`,
    )
  const activities =
    fields['activities'] === undefined
      ? undefined
      : record(fields['activities'], `${path}: activities`)
  return {
    source: optionalText(fields['source'], `${path}: source`),
    channel: optionalText(fields['channel'], `${path}: channel`),
    queue: optionalText(fields['queue'], `${path}: queue`),
    activities:
      activities &&
      new Map(
        Object.entries(activities).map(([name, type]) => [
          name,
          mappableType(type, `${path}: activities`),
        ]),
      ),
    attributes:
      attributes &&
      Object.fromEntries(
        Object.entries(attributes).map(([name, key]) => [
          name,
          optionalText(key, `${path}: attributes.${name}`),
        ]),
      ),
  }
}

function mappableType(type: unknown, where: string): MappableType {
  const found = mappableTypes.find((known) => known === type)
  if (found !== undefined) return found
  const near = typeof type === 'string' ? nearest(type, mappableTypes) : null
  throw usageFailure(
    `${where}: ${JSON.stringify(type)} is not ${near === null ? `one of ${mappableTypes.join(', ')}` : `known; did you mean ${near}?`}`,
  )
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw usageFailure(`${where} must be an object`)
}

function optionalText(value: unknown, where: string): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value
  throw usageFailure(`${where} must be a text that is not empty`)
}

function refuseUnknown(names: readonly string[], known: readonly string[], where: string): void {
  const unknown = names.find((name) => !known.includes(name))
  if (unknown === undefined) return
  const near = nearest(unknown, known)
  throw usageFailure(
    `${where}: unknown field ${JSON.stringify(unknown)}; ${near === null ? `known are ${known.join(', ')}` : `did you mean ${near}?`}`,
  )
}
