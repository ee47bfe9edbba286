import type { RefusalCode } from '@deskpulse/contract'
import { eventOf } from '../../support/events.ts'

/** What is no event of `tenant`, with the refusal that docs/errors.md gives it. */
export type Garbage = {
  readonly what: string
  bytes(tenant: string): Buffer
  readonly code: RefusalCode
  readonly path: string
  /** Of the answer, where it is the whole request. */
  readonly status: number
  /** Where the raw topic, which belongs to no tenant and has no clock, has another verdict. */
  readonly inRawTopic?: { readonly code: RefusalCode; readonly by: 'ingest' | 'fold' }
}

const message = (tenant: string, change: object = {}) =>
  eventOf(tenant, 'message.sent', { contactId: 'garbage', from: 'customer' }, change)
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
/** The JSON of an object as text, with a piece of it replaced: for what no serialiser writes. */
const doctored = (event: object, from: string, to: string): Buffer =>
  Buffer.from(JSON.stringify(event).replace(from, to))

export const garbage: readonly Garbage[] = [
  {
    what: 'text that is cut off',
    bytes: () => Buffer.from('{"specversion":"1.0","id":'),
    code: 'not-json',
    path: '',
    status: 400,
  },
  {
    what: 'bytes that are not UTF-8',
    bytes: () => Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
    code: 'not-json',
    path: '',
    status: 400,
  },
  {
    what: 'a text instead of an event',
    bytes: () => json('event'),
    code: 'not-an-event',
    path: '',
    status: 400,
  },
  {
    what: 'an object without a type',
    bytes: () => json({ id: '1' }),
    code: 'not-an-event',
    path: '/type',
    status: 400,
  },
  {
    what: 'an id that is a number',
    bytes: (tenant) => json(message(tenant, { id: 7 })),
    code: 'bad-schema',
    path: '/id',
    status: 422,
  },
  {
    what: 'data that is a list',
    bytes: (tenant) => json(message(tenant, { data: [] })),
    code: 'bad-schema',
    path: '/data',
    status: 422,
  },
  {
    what: 'a sender that does not exist',
    bytes: (tenant) => json(message(tenant, { data: { contactId: 'garbage', from: 'robot' } })),
    code: 'bad-schema',
    path: '/data/from',
    status: 422,
  },
  {
    what: 'a day that does not exist',
    bytes: (tenant) => json(message(tenant, { time: '2026-02-30T00:00:00Z' })),
    code: 'bad-schema',
    path: '/time',
    status: 422,
  },
  {
    what: 'an unknown type',
    bytes: (tenant) => json(eventOf(tenant, 'contact.sneezed', {})),
    code: 'unknown-type',
    path: '/type',
    status: 422,
  },
  {
    what: 'an event of 1 MB',
    bytes: (tenant) => json(message(tenant, { extra: 'x'.repeat(1024 * 1024) })),
    code: 'too-large',
    path: '',
    status: 413,
  },
  {
    what: 'lists in lists, ten thousand deep',
    bytes: (tenant) =>
      doctored(
        message(tenant, { extra: 0 }),
        '"extra":0',
        `"extra":${'['.repeat(10_000)}${']'.repeat(10_000)}`,
      ),
    code: 'too-deep',
    path: '',
    status: 400,
  },
  {
    what: 'a label named __proto__',
    bytes: (tenant) =>
      doctored(
        eventOf(tenant, 'contact.updated', { contactId: 'garbage', labels: {} }),
        '"labels":{}',
        '"labels":{"__proto__":"x"}',
      ),
    code: 'bad-schema',
    path: '/data/labels',
    status: 422,
  },
  {
    what: 'an event of another tenant',
    bytes: () => json(message('nobody')),
    code: 'wrong-tenant',
    path: '/tenant',
    status: 422,
    inRawTopic: { code: 'unknown-tenant', by: 'ingest' },
  },
  {
    what: 'a time an hour ahead',
    bytes: (tenant) =>
      json(message(tenant, { time: new Date(Date.now() + 3_600_000).toISOString() })),
    code: 'future-time',
    path: '/time',
    status: 422,
    inRawTopic: { code: 'future-time', by: 'fold' },
  },
]
