export { eventCatalogue, eventGroups, eventTypeOf, type WireType, wireType } from './catalogue.ts'
export { canonicalData } from './canonical.ts'
export { type WireEvent, eventSchema, toWire } from './envelope.ts'
export { eventJsonSchema } from './compiled.ts'
export { eventLimits } from './limits.ts'
export {
  type ParsedEvent,
  type ParseOptions,
  parseEvent,
  parseEventBytes,
  type RefusedInput,
} from './parse.ts'
export { reasonOfRefusal, type Refusal } from './refusal.ts'
export { formatTime, parseTime } from './time.ts'
export { tenantName } from './words.ts'
