import * as z from 'zod'
import { type EventType, eventTypes } from '@deskpulse/core/events'
import { eventGroups } from '../events/catalogue.ts'
import { eventJsonSchema } from '../events/compiled.ts'
import * as words from '../events/words.ts'

type Schema = z.core.$ZodType

const kinds = new Map<Schema, string>([
  [words.id, 'id'],
  [words.word, 'word'],
  [words.time, 'time'],
  [words.localDate, 'date'],
  [words.count, 'count'],
  [words.durationMs, 'ms'],
  [words.contactsExpected, 'number 0–10,000,000'],
  [words.agentsPlanned, 'number 0–100,000'],
  [words.rating, 'number'],
  [words.score100, 'number 0–100'],
  [words.money, 'money'],
  [words.datePeriod, 'period'],
  [words.labels, 'labels'],
  [words.capacity, 'channel → count'],
  [words.sentence, 'text of up to 1,000 characters'],
])

const code = (text: string): string => `\`${text}\``
const list = (all: readonly unknown[]): string => all.map((one) => code(String(one))).join(' ')

/** What an attribute must be, in a few words. */
function kindOf(schema: Schema): string {
  const named = kinds.get(schema)
  if (named !== undefined) return named
  const usual = (schema as z.ZodType).meta()?.['default'] as string | boolean | undefined
  const otherwise = usual === undefined ? '' : `, else ${code(String(usual))}`
  if (schema instanceof z.ZodUnion) return (schema.options as Schema[]).map(kindOf).join(' or ')
  if (schema instanceof z.ZodLiteral) return list([...schema.values])
  if (schema instanceof z.ZodBoolean) return `true or false${otherwise}`
  if (schema instanceof z.ZodEnum) return `(${list(schema.options)}${otherwise})`
  if (schema instanceof z.ZodArray) return `list of ${kindOf(schema.element)}`
  if (schema instanceof z.ZodObject) return `{ ${attributesOf(schema, () => false)} }`
  const examples = (schema as z.ZodType).meta()?.['examples'] as readonly string[] | undefined
  if (examples !== undefined) return `word (${list(examples)} or other)`
  throw new Error(`no words for ${schema.constructor.name}`)
}

function attributesOf(
  data: z.ZodObject,
  isLeftOut: (key: string, isOptional: boolean) => boolean,
): string {
  return (Object.entries(data.shape) as [string, Schema][])
    .filter(([key, schema]) => !isLeftOut(key, schema instanceof z.ZodOptional))
    .map(([key, schema]) =>
      schema instanceof z.ZodOptional
        ? `${code(`${key}?`)} ${kindOf(schema.unwrap())}`
        : `${code(key)} ${kindOf(schema)}`,
    )
    .join(', ')
}

/** Attributes that every event of the contact group has, or may have: said once, above its table. */
const isCommon = (key: string, isOptional: boolean): boolean =>
  key === 'contactId' || (isOptional && (key === 'customerId' || key === 'agentId'))

const notes: Readonly<Record<keyof typeof eventGroups, string>> = {
  contact:
    'Every event has `contactId` and may have `customerId` and `agentId`; they are not repeated here. The home subject is the contact.',
  survey: 'The home subject is the contact, else what `surveyId` names, else the event.',
  'own id': 'The home subject is what the event’s own id names.',
  agent: 'The home subject is the agent.',
  tenant: 'The home subject is the tenant; of `customer.…` the customer.',
}

function table(group: keyof typeof eventGroups): string {
  const rows = Object.entries(eventGroups[group]).map(([type, { data, says }]) => {
    const attributes = attributesOf(data, group === 'contact' ? isCommon : () => false)
    return `| ${code(type)} | ${attributes === '' ? '–' : attributes} | ${says} |`
  })
  const title = `## ${group.charAt(0).toUpperCase()}${group.slice(1)}`
  return [
    title,
    '',
    notes[group],
    '',
    '| type | data | says |',
    '| --- | --- | --- |',
    ...rows,
  ].join('\n')
}

/** The tables of docs/events.md, a section a group. */
export function eventTables(): string {
  return (Object.keys(eventGroups) as (keyof typeof eventGroups)[]).map(table).join('\n\n')
}

function definition(type: EventType): Readonly<Record<string, unknown>> {
  const { $schema: _dialect, ...schema } = eventJsonSchema(type)
  return schema
}

/** docs/schema/events.schema.json: what JSON Schema can say of an event. Attributes that must agree with each other are in docs/events.md. */
export function eventsSchemaDocument(): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Deskpulse canonical events, version 1',
    oneOf: eventTypes.map((type) => ({ $ref: `#/$defs/${type}` })),
    $defs: Object.fromEntries(eventTypes.map((type) => [type, definition(type)])),
  }
}
