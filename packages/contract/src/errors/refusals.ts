/**
 * Why one input was not accepted: what ingest answers and writes on a dead letter (docs/errors.md). The fold's own refusals of accepted
 * events are listed beside them, so that a reader of the dead-letter topic finds every code in one place.
 */
export const refusalCodes = {
  'not-json': 'The bytes are not JSON in UTF-8.',
  'not-an-event': 'JSON, but no object that has a `type`.',
  'too-large': 'The event has more than 64 KiB.',
  'too-deep': 'The event nests deeper than 16 levels.',
  'bad-schema': 'An attribute is missing or not what it must be; `path` names it.',
  'unknown-type': 'The `type` is none of docs/events.md.',
  'wrong-tenant': 'The event names another tenant than the request.',
  'unknown-tenant': 'The configuration names no such tenant.',
  'too-many-tenants': 'The tenant would be a new one, past `openTenantsMax`.',
  'future-time': 'The time is more than 5 minutes ahead of the clock.',
  'customer-key-removed':
    'The event is from a time whose key of `pseudonymise` was removed: its customer would be another one than before.',
  'unknown-connector':
    'No connector of that name translates the payload: what is sent is a canonical event (docs/howto/connector.md).',
} as const
export type RefusalCode = keyof typeof refusalCodes

export const foldRefusalCodes = {
  'future-time': 'The time is more than 5 minutes ahead of when the log took the event in.',
  'before-base':
    'The event sorts before what is settled, or opens a contact whose beginning is: repeated or too late.',
  expired: 'The contact, or the day of the agent, has left the state after its retention.',
  'id-conflict': 'Another event of the same source and id had other content.',
  'too-many-values':
    'Counted, but in one dimension as `other`: as many of its values have slices of their own as may. Listed once for each of the first 100 values; no dead letter.',
  'timeline-full':
    'The contact, or the day of the agent, already has as many retained events as one may have.',
  'config-conflict':
    'The configuration proposal names a predecessor that is not the current version.',
  'rules-conflict': 'The proposed alert rules name a predecessor that is not the current version.',
  'entry-unreadable':
    'The entry of the log cannot be decoded by this version; `reason` says what it does not know, and where.',
} as const
export type FoldRefusalCode = keyof typeof foldRefusalCodes
export const foldRefusalCodeNames = Object.keys(foldRefusalCodes) as readonly FoldRefusalCode[]

/** Nothing of the input could be read as an event. */
export function isUnreadable(code: RefusalCode): boolean {
  return (
    code === 'not-json' || code === 'not-an-event' || code === 'too-large' || code === 'too-deep'
  )
}
