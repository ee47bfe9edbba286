import { isUtf8 } from 'node:buffer'
import type { CanonicalEvent, EventType } from '@deskpulse/core/events'
import { canonicalData } from './canonical.ts'
import { eventCatalogue, eventTypeOf, nearestTypeOf } from './catalogue.ts'
import { isValid } from './compiled.ts'
import { eventSchema, type WireEvent } from './envelope.ts'
import { eventLimits } from './limits.ts'
import { safelyParsed } from '../safely-parsed.ts'
import { describe, describeWord, type Refusal, refusalOf } from './refusal.ts'
import { epochMsOf } from './time.ts'
import { sourceName, tenantName } from './words.ts'

export type ParseOptions = {
  /** The tenant that the request is about; absent = the event's own is taken. */
  readonly tenant?: string
  /** The clock that future times are measured against; absent = they are not judged here. */
  readonly nowMs?: number
}

/** An input that is not accepted, by the names that it gives itself where they are well formed. */
export type RefusedInput = Refusal & {
  readonly id?: string
  readonly source?: string
  readonly tenant?: string
}

export type ParsedEvent =
  { readonly ok: true; readonly event: CanonicalEvent } | ({ readonly ok: false } & RefusedInput)

function refuse(code: Refusal['code'], path: string, expected: string, got: string): ParsedEvent {
  return { ok: false, code, path, expected, got }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refuseType(type: unknown): ParsedEvent {
  const got = describeWord(type)
  const near = got === type ? nearestTypeOf(got) : null
  return {
    ok: false,
    code: 'unknown-type',
    path: '/type',
    expected: 'a type of docs/events.md',
    got,
    ...(near === null ? {} : { nearest: near }),
  }
}

/** Bounded by `levels`, so that no input can exhaust the stack. */
function isDeeper(value: object, levels: number): boolean {
  if (levels === 0) return true
  for (const key in value) {
    const part = (value as Record<string, unknown>)[key]
    if (typeof part === 'object' && part !== null && isDeeper(part, levels - 1)) return true
  }
  return false
}

/** Only the zod schema says what is wrong; it runs for refusals alone. */
function explain(type: EventType, input: unknown): ParsedEvent {
  const issue = safelyParsed(eventSchema(type), input).error?.issues[0]
  if (issue === undefined)
    throw new Error(`the compiled schema of ${type} refuses what zod accepts`)
  return { ok: false, ...refusalOf(issue, input) }
}

function labelsAreSafe(data: WireEvent['data']): boolean {
  return !(isObject(data['labels']) && Object.hasOwn(data['labels'], '__proto__'))
}

function checkData(type: EventType, data: WireEvent['data']): ParsedEvent | null {
  if (!labelsAreSafe(data))
    return refuse('bad-schema', '/data/labels', 'keys other than __proto__', '__proto__')
  const broken = eventCatalogue[type].rule?.(data)
  return broken
    ? refuse(
        'bad-schema',
        broken.path,
        broken.expected,
        'a value that does not agree with the others',
      )
    : null
}

function checkPlace(input: WireEvent, timeMs: number, options: ParseOptions): ParsedEvent | null {
  if (options.tenant !== undefined && input.tenant !== options.tenant) {
    return refuse('wrong-tenant', '/tenant', options.tenant, input.tenant)
  }
  if (options.nowMs !== undefined && timeMs > options.nowMs + eventLimits.futureMsMax) {
    return refuse(
      'future-time',
      '/time',
      'at most 5 minutes ahead of the clock',
      `${Math.round((timeMs - options.nowMs) / 1_000)} s ahead`,
    )
  }
  return null
}

const withoutLeadingZeros = (digits: string): string => digits.replace(/^0+(?=\d)/, '')

function judge(input: Readonly<Record<string, unknown>>, options: ParseOptions): ParsedEvent {
  if (isDeeper(input, eventLimits.eventDepthMax)) {
    return refuse('too-deep', '', `at most ${eventLimits.eventDepthMax} levels`, 'more levels')
  }
  const type = eventTypeOf(input['type'] as string)
  if (type === undefined) return refuseType(input['type'])
  if (!isValid(type, input)) return explain(type, input)
  const wrong = checkData(type, input.data)
  if (wrong !== null) return wrong
  const timeMs = epochMsOf(input.time)
  const misplaced = checkPlace(input, timeMs, options)
  if (misplaced !== null) return misplaced
  const sequence = input.sequence === undefined ? '0' : withoutLeadingZeros(input.sequence)
  const data = canonicalData(type, input.data)
  return {
    ok: true,
    event: {
      type,
      id: input.id,
      source: input.source,
      timeMs,
      sequence,
      tenant: input.tenant,
      data,
    },
  }
}

const idPattern = /^[\w.:/-]{1,256}$/

function namesOf(
  input: Readonly<Record<string, unknown>>,
): Pick<RefusedInput, 'id' | 'source' | 'tenant'> {
  const { id, source, tenant } = input
  return {
    ...(typeof id === 'string' && idPattern.test(id) ? { id } : {}),
    ...(typeof source === 'string' && sourceName.safeParse(source).success ? { source } : {}),
    ...(typeof tenant === 'string' && tenantName.safeParse(tenant).success ? { tenant } : {}),
  }
}

/** Judges one parsed JSON value. Pure but for the compiled schemas, which are made when a type is first seen. */
export function parseEvent(input: unknown, options: ParseOptions = {}): ParsedEvent {
  if (!isObject(input)) return refuse('not-an-event', '', 'object', describe(input))
  if (typeof input['type'] !== 'string')
    return refuse('not-an-event', '/type', 'text', describe(input['type']))
  const parsed = judge(input, options)
  return parsed.ok ? parsed : { ...parsed, ...namesOf(input) }
}

/** Judges the bytes of one event: UTF-8 JSON of at most 64 KiB. */
export function parseEventBytes(bytes: Uint8Array, options: ParseOptions = {}): ParsedEvent {
  if (bytes.length > eventLimits.eventBytesMax) {
    return refuse(
      'too-large',
      '',
      `at most ${eventLimits.eventBytesMax} bytes`,
      `${bytes.length} bytes`,
    )
  }
  if (!isUtf8(bytes)) return refuse('not-json', '', 'JSON in UTF-8', 'bytes that are not UTF-8')
  let input: unknown
  try {
    input = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'))
  } catch {
    return refuse('not-json', '', 'JSON in UTF-8', `${bytes.length} bytes that are not JSON`)
  }
  return parseEvent(input, options)
}
