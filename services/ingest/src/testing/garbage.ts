import type { RefusalCode } from '@deskpulse/contract'
import { message } from './rig.ts'

/** What is no event of the tenant `acme`, and the refusal that it gets over HTTP and Kafka. */
export type Garbage = {
  readonly what: string
  readonly bytes: Buffer
  readonly code: RefusalCode
  readonly path: string
  /** The answer when it is a whole request. */
  readonly status: number
  /** Of a clock or a request: Kafka has neither, and the fold judges. */
  readonly overHttpOnly?: boolean
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value), 'utf8')
const megabyte = 'x'.repeat(1024 * 1024)
const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
const withExtra = (extra: string): Buffer =>
  Buffer.from(JSON.stringify(message()).replace('"m-1"', `"m-1","extra":${extra}`), 'utf8')

export const garbage: readonly Garbage[] = [
  {
    what: 'invalid JSON',
    bytes: Buffer.from('{"specversion":'),
    code: 'not-json',
    path: '',
    status: 400,
  },
  {
    what: 'bytes that are not UTF-8',
    bytes: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
    code: 'not-json',
    path: '',
    status: 400,
  },
  { what: 'a number', bytes: Buffer.from('42'), code: 'not-an-event', path: '', status: 400 },
  {
    what: 'an object without a type',
    bytes: Buffer.from('{}'),
    code: 'not-an-event',
    path: '/type',
    status: 400,
  },
  {
    what: 'an id that is a number',
    bytes: json(message({ id: 7 })),
    code: 'bad-schema',
    path: '/id',
    status: 422,
  },
  {
    what: 'data that is an array',
    bytes: json(message({ data: [] })),
    code: 'bad-schema',
    path: '/data',
    status: 422,
  },
  {
    what: 'a sender that is no word',
    bytes: json(message({ data: { contactId: 'c', from: 'robot' } })),
    code: 'bad-schema',
    path: '/data/from',
    status: 422,
  },
  {
    what: 'a day that is none',
    bytes: json(message({ time: '2026-02-30T00:00:00Z' })),
    code: 'bad-schema',
    path: '/time',
    status: 422,
  },
  {
    what: 'a leap second',
    bytes: json(message({ time: '2016-12-31T23:59:60Z' })),
    code: 'bad-schema',
    path: '/time',
    status: 422,
  },
  {
    what: 'an unknown type',
    bytes: json(message({ type: 'deskpulse.contact.sneezed.v1' })),
    code: 'unknown-type',
    path: '/type',
    status: 422,
  },
  {
    what: 'an event of 1 MB',
    bytes: json(message({ extra: megabyte })),
    code: 'too-large',
    path: '',
    status: 413,
  },
  { what: 'deep nesting', bytes: withExtra(deep(10_000)), code: 'too-deep', path: '', status: 400 },
  {
    what: 'a list that is an object with a length that is no number',
    bytes: json(
      message({
        type: 'deskpulse.agent.rostered.v1',
        data: { agentId: 'a', teams: [], from: '2026-03-02', aliases: { length: { toString: 1 } } },
      }),
    ),
    code: 'bad-schema',
    path: '/data/aliases',
    status: 422,
  },
  {
    what: 'a label named __proto__',
    bytes: Buffer.from(
      JSON.stringify(
        message({ type: 'deskpulse.contact.updated.v1', data: { contactId: 'c', labels: {} } }),
      ).replace('"labels":{}', '"labels":{"__proto__":"x"}'),
    ),
    code: 'bad-schema',
    path: '/data/labels',
    status: 422,
  },
  {
    what: 'an event of another tenant',
    bytes: json(message({ tenant: 'other' })),
    code: 'wrong-tenant',
    path: '/tenant',
    status: 422,
    overHttpOnly: true,
  },
  {
    what: 'a time that is ten minutes ahead',
    bytes: json(message({ time: '2026-03-02T01:10:31Z' })),
    code: 'future-time',
    path: '/time',
    status: 422,
    overHttpOnly: true,
  },
]
