import * as z from 'zod'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { EventType } from '@deskpulse/core/events'
import { eventSchema, type WireEvent } from './envelope.ts'

/** The same schemas as zod's, compiled to code for the hot path: a verdict, no explanation. Compiled when a type is first seen. */
const compiler = new Ajv2020({
  strict: true,
  strictTypes: false,
  validateFormats: false,
  allErrors: false,
  ownProperties: true,
})

const compiled = new Map<EventType, ValidateFunction<WireEvent>>()

/** The JSON Schema of one type, as published and as compiled. */
export function eventJsonSchema(type: EventType): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(eventSchema(type), { io: 'input' })
}

export function isValid(type: EventType, input: object): input is WireEvent {
  let validate = compiled.get(type)
  if (validate === undefined) {
    validate = compiler.compile<WireEvent>(eventJsonSchema(type))
    compiled.set(type, validate)
  }
  return validate(input)
}
