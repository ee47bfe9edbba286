import { expect, test } from 'vitest'
import { gzipSync } from 'node:zlib'
import { collect, streamOf } from '../../testing/run.ts'
import { createTraceMapper } from './map.ts'
import { addActivities, mappingOf } from './mapping.ts'
import { readTraces } from './read.ts'

const at = (second: number): string =>
  `2026-03-02T10:00:${String(second).padStart(2, '0')}.000+01:00`

function event(activity: string, second: number, agent = 'ann', more = ''): string {
  return `<event><string key="concept:name" value="${activity}">${more}</string>
    <string key="org:resource" value="${agent}"/><date key="time:timestamp" value="${at(second)}"/></event>`
}

function log(...traces: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?><log xmlns="http://www.xes-standard.org">
    <global scope="event"><string key="concept:name" value="Closed"/></global>
    ${traces.map((content, index) => `<trace><string key="concept:name" value="Case${index + 1}"/>${content}</trace>`).join('\n')}</log>`
}

const mapping = mappingOf('/xes/test')

async function mapped(
  text: string,
  by = mapping,
): Promise<{ name: string; [field: string]: unknown }[]> {
  const map = createTraceMapper(by, 'acme')
  const traces = await collect(readTraces(streamOf(text)))
  return traces.flatMap(map).map(({ type, id, sequence, time, data }) => ({
    name: type.slice(10, -3),
    id,
    sequence,
    time,
    ...data,
  }))
}

test('a case is opened at its first event, assigned, resolved and closed; other activities are nothing', async () => {
  const events = await mapped(
    log(
      event('Wait', 1) +
        event('Take in charge ticket', 2) +
        event('Resolve ticket', 3, 'bob') +
        event('Closed', 4),
    ),
  )
  expect(events).toEqual([
    {
      name: 'contact.opened',
      id: 'Case1/0/contact.opened',
      sequence: '1',
      time: '2026-03-02T09:00:01.000Z',
      contactId: 'Case1',
      customerId: 'Case1',
      channel: 'ticket',
      queue: 'helpdesk',
      openedBy: 'customer',
    },
    {
      name: 'contact.assigned',
      id: 'Case1/2/contact.assigned',
      sequence: '2',
      time: '2026-03-02T09:00:02.000Z',
      contactId: 'Case1',
      agentId: 'ann',
    },
    {
      name: 'contact.resolved',
      id: 'Case1/3/contact.resolved',
      sequence: '3',
      time: '2026-03-02T09:00:03.000Z',
      contactId: 'Case1',
      agentId: 'bob',
    },
    {
      name: 'contact.closed',
      id: 'Case1/4/contact.closed',
      sequence: '4',
      time: '2026-03-02T09:00:04.000Z',
      contactId: 'Case1',
      agentId: 'ann',
    },
  ])
})

test('taking charge of a resolved ticket reopens it first; of an open one does not', async () => {
  const take = 'Take in charge ticket'
  const events = await mapped(
    log(
      event(take, 1) +
        event(take, 2) +
        event('Resolve ticket', 3) +
        event(take, 4) +
        event(take, 5),
    ),
  )
  expect(events.map(({ name }) => name.slice(8))).toEqual([
    'opened',
    'assigned',
    'assigned',
    'resolved',
    'reopened',
    'assigned',
    'assigned',
  ])
  expect(events[4]).toEqual({
    name: 'contact.reopened',
    id: 'Case1/4/contact.reopened',
    sequence: '5',
    time: '2026-03-02T09:00:04.000Z',
    contactId: 'Case1',
  })
})

test('sequence counts over cases, ids do not: a case alone has the same ids', async () => {
  const both = await mapped(log(event('Closed', 1), event('Closed', 1)))
  expect(both.map(({ sequence }) => sequence)).toEqual(['1', '2', '3', '4'])
  expect(both.map(({ id }) => id)).toEqual([
    'Case1/0/contact.opened',
    'Case1/1/contact.closed',
    'Case2/0/contact.opened',
    'Case2/1/contact.closed',
  ])
})

test('events out of order in the file are put in the order of time; equal instants keep the order of the file', async () => {
  const events = await mapped(
    log(event('Closed', 9) + event('Take in charge ticket', 5) + event('Resolve ticket', 5)),
  )
  expect(events.map(({ name }) => name)).toEqual([
    'contact.opened',
    'contact.assigned',
    'contact.resolved',
    'contact.closed',
  ])
})

test('attributes of attributes, lists and globals are not the event’s own', async () => {
  const nested =
    '<string key="org:resource" value="nobody"/><list key="x"><values><string key="concept:name" value="Closed"/></values></list>'
  const events = await mapped(log(event('Resolve ticket', 1, 'ann', nested)))
  expect(events.map(({ name, agentId }) => [name, agentId])).toEqual([
    ['contact.opened', undefined],
    ['contact.resolved', 'ann'],
  ])
})

test('a case without events, and a log without cases, are nothing', async () => {
  expect(await mapped(log(''))).toEqual([])
  expect(await mapped('<log/>')).toEqual([])
})

test('flags and mapping parts decide what activities become', async () => {
  const own = addActivities(
    mappingOf('/s', { queue: 'q', channel: 'email', attributes: { agent: 'who' } }),
    ['A=B=message.sent:agent', 'Wait=contact.queued', 'Closed='],
  )
  const text = log(
    event('A=B', 1).replace('org:resource', 'who') + event('Wait', 2) + event('Closed', 3),
  )
  const events = await mapped(text, own)
  const common = { id: 0, time: 0, sequence: 0, contactId: 'Case1' }
  expect(events.map((event) => ({ ...event, id: 0, time: 0, sequence: 0 }))).toEqual([
    {
      ...common,
      name: 'contact.opened',
      customerId: 'Case1',
      channel: 'email',
      queue: 'q',
      openedBy: 'customer',
    },
    { ...common, name: 'message.sent', from: 'agent', agentId: 'ann' },
    { ...common, name: 'contact.queued', queue: 'q' },
  ])
})

test('names that are no ids become their hash, the same each time', async () => {
  const events = await mapped(log(event('Closed', 1)).replace('Case1', 'x'.repeat(200)))
  expect(events[0]!['contactId']).toMatch(/^sha256-[0-9a-f]{64}$/)
  expect(events.every(({ id }) => String(id).length <= 128)).toBe(true)
})

test('a chunk may end anywhere, also inside a character', async () => {
  const bytes = Buffer.from(log(event('Closed', 1, 'Zoë 客服')))
  const traces = await collect(
    readTraces(streamOf(...Array.from(bytes, (byte) => Uint8Array.of(byte)))),
  )
  expect(traces[0]!.events[0]!.attributes.get('org:resource')).toBe('Zoë 客服')
})

test('the encoding of the XML declaration is kept', async () => {
  const bytes = Buffer.from(log(event('Closed', 1, 'Zoë')).replace('UTF-8', 'ISO-8859-1'), 'latin1')
  expect(
    (await collect(readTraces(streamOf(bytes))))[0]!.events[0]!.attributes.get('org:resource'),
  ).toBe('Zoë')
})

test.each([
  {
    text: '<log>\n<trace>\n</log>',
    says: /malformed XES at line 3, column \d+: unexpected close tag|unclosed|mismatch/i,
  },
  { text: '<log>\n<trace>', says: /malformed XES at line 2/ },
  { text: '<log>\n<trace a=b></trace></log>', says: /malformed XES at line 2/ },
  { text: '<feed/>', says: /the root element is <feed>, not <log>/ },
  { text: '', says: /malformed XES/ },
  { text: '<!DOCTYPE log [<!ENTITY a "aa">]><log>&a;</log>', says: /malformed XES at line 1/ },
  { text: '<log>\n<trace><event/></trace></log>', says: /line 2: trace has no concept:name/ },
  {
    text: log('<event>\n<string key="concept:name" value="x"/></event>'),
    says: /line \d+: event has no time:timestamp/,
  },
  {
    text: log(event('x', 1).replace(at(1), 'yesterday')),
    says: /line \d+: "yesterday" is not a time/,
  },
  {
    text: '<?xml version="1.0" encoding="klingon"?><log/>',
    says: /the XML encoding klingon is not known/,
  },
  { text: gzipSync('x').toString('latin1'), says: /malformed XES at line 1/ },
])('what is not XES is explained with its line: $says', async ({ text, says }) => {
  await expect(mapped(text)).rejects.toThrow(says)
})
