import { readFileSync } from 'node:fs'
import type { EventData, EventType } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { openWorld, type World } from './testing/world.ts'

const page = readFileSync(new URL('../../../../docs/api.md', import.meta.url), 'utf8')
const section = page.slice(page.indexOf('\n## Alerts\n'), page.indexOf('\n### Webhooks\n'))

type Method = Parameters<World['ask']>[0]

/** Blocks of a request, each with that of its answer. A block of text is a status without a body. */
const examples = [
  ...section.matchAll(
    /```http\n(?<request>[^`]+)```\n\n```(?<language>json|text)\n(?<answer>[^`]+)```/g,
  ),
].map(({ groups }) => {
  const [line = '', body] = (groups?.['request'] ?? '').trim().split('\n\n')
  const [method, url = ''] = line.split(' ')
  const asked = body === undefined ? undefined : (JSON.parse(body) as object)
  return {
    method: method as Method,
    url,
    asked,
    language: groups?.['language'],
    answer: groups?.['answer'] ?? '',
  }
})

/** What the page's examples are about: one customer waits, and the floor was told. The examples follow one another. */
async function documented(): Promise<World> {
  let ids = 0
  const newId = (): string => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`
  const world = await openWorld({ deps: { newId } })
  const event = (atMs: number, type: EventType, data: EventData) => {
    return {
      type,
      id: `${type} ${atMs}`,
      source: '/chat',
      timeMs: atMs as EpochMs,
      sequence: '0',
      tenant: 'acme',
      data,
    }
  }
  const sinceMs = world.nowMs() - 30_000
  await world.events(
    event(sinceMs, 'contact.opened', { contactId: 'c-17', channel: 'chat', queue: 'billing' }),
    event(sinceMs, 'message.sent', { contactId: 'c-17', from: 'customer' }),
  )
  const alertId = await world.transition()
  await world.until<{ told: { endpoints: { status: string }[] } | null }>(
    `/v1/tenants/acme/alerts/${alertId}`,
    ({ told }) => told?.endpoints[0]?.status === 'delivered',
  )
  return world
}

/** Of a long list the page shows the first rows. */
function shortened(
  answer: { rows?: unknown[] },
  url: string,
  { rows }: { rows?: unknown[] },
): object {
  return url.endsWith('/alert-rules')
    ? { ...answer, rows: answer.rows?.slice(0, rows?.length) }
    : answer
}

test('the page has an example of every address', () => {
  const addresses = [
    ...page.matchAll(
      /`((?:GET|POST|PUT|DELETE) \/v1\/[^`]*alert[^`]*|(?:GET|POST|DELETE) \/v1\/[^`]*silences[^`]*)`/g,
    ),
  ]
  const shown = examples.map(({ method, url }) => `${method} ${url.split('?')[0]}`)
  const patterns = addresses.map(
    ([, address = '']) => new RegExp(`^${address.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  )
  expect(patterns.length).toBeGreaterThanOrEqual(14)
  expect(patterns.filter((pattern) => !shown.some((one) => pattern.test(one)))).toEqual([])
})

test('every example answers as the page says, one after another', async () => {
  const world = await documented()
  for (const { method, url, asked, language, answer } of examples) {
    const { statusCode, body } = await world.ask(method, url, asked)
    if (language === 'text') expect.soft(String(statusCode), `${method} ${url}`).toBe(answer.trim())
    else {
      const wanted = JSON.parse(answer) as { rows?: unknown[] }
      expect
        .soft(shortened(JSON.parse(body) as { rows?: unknown[] }, url, wanted), `${method} ${url}`)
        .toEqual(wanted)
    }
  }
})
