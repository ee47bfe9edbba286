import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { LiveResponse, RefusalsResponse } from '@deskpulse/contract'
import { expect, onTestFinished, test } from 'vitest'
import { workbench } from './testing/product.ts'

const howto = new URL('../../../docs/howto/', import.meta.url)
const page = readFileSync(new URL('connector.md', howto), 'utf8')
const example = new URL('examples/help-desk.ts', howto)

test('what docs/howto/connector.md shows of its example stands in the example', () => {
  const source = readFileSync(example, 'utf8')
  const shown = [...page.matchAll(/^```ts\n([^]+?)^```$/gm)].map(([, block = '']) => block)
  expect(shown.length).toBeGreaterThan(0)
  for (const block of shown) expect(source).toContain(block)
})

/** The example as a process of its own. @returns where it takes webhooks */
async function connector(deskpulse: string): Promise<string> {
  const env = { ...process.env, DESKPULSE: deskpulse.replace(/\/$/, ''), PORT: '0' }
  const child = spawn(process.execPath, [fileURLToPath(example)], { env, stdio: 'pipe' })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return /http:\S+/.exec(line.toString())![0]
}

test('the example of a connector: a ticket of the help desk is counted once, however often its webhooks come', async () => {
  await using bench = workbench()
  const deskpulse = await bench.start('--no-simulator').ready()
  const webhooksTo = await connector(deskpulse)
  const post = async (webhook: object): Promise<number> =>
    (await fetch(webhooksTo, { method: 'POST', body: JSON.stringify(webhook) })).status
  const startMs = Date.now() - 60_000
  const at = (second: number): string => new Date(startMs + second * 1_000).toISOString()
  const ticket = { id: 4711, requester: 88, group: 'billing', assignee: 'ada' }
  const comment = (id: number, author: 'requester' | 'agent') => ({ id, author, public: true })
  const webhooks = [
    { event: 'ticket.created', at: at(0), comment: comment(1, 'requester') },
    { event: 'ticket.assigned', at: at(2) },
    { event: 'comment.added', at: at(5), comment: { ...comment(2, 'agent'), public: false } },
    { event: 'comment.added', at: at(20), comment: comment(3, 'agent') },
    { event: 'ticket.tagged', at: at(21) },
    { event: 'ticket.solved', at: at(30) },
  ].map((webhook, number) => ({ delivery: `d-${number}`, ticket, ...webhook }))

  for (const webhook of [...webhooks, ...webhooks]) expect(await post(webhook)).toBe(204)
  expect(await post({ ...webhooks[0], at: 'yesterday' })).toBe(204) // Refused for good: it is not to come again.
  expect(await post({ nothing: 'of a help desk' })).toBe(503)

  const kpis = 'contacts_opened,first_response_time,contacts_resolved'
  const live = `${deskpulse}v1/tenants/acme/kpis/live?slice=queue=billing&window=15m&kpis=${kpis}`
  await expect
    .poll(async () => {
      const { rows } = (await (await fetch(live)).json()) as Partial<LiveResponse>
      return Object.values(rows?.[0]?.kpis ?? {}).map(({ value }) => value)
    })
    .toEqual([1, 20_000, 1])
  const refusals = await fetch(`${deskpulse}v1/tenants/acme/refusals`)
  expect(((await refusals.json()) as RefusalsResponse).total).toBe(0)
})

test('the example of a connector: what is told again in another way gives the same events', async () => {
  const sent: unknown[] = []
  const server = createServer((request, response) => {
    void json(request).then((events) => {
      sent.push(events)
      response.writeHead(202).end('{ "accepted": 2, "refused": 0 }')
    })
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const webhooksTo = await connector(`http://127.0.0.1:${port}/`)
  const ticket = { id: 4711, requester: 88, group: 'billing', assignee: 'ada' }
  const created = { event: 'ticket.created', at: '2026-03-02T08:00:00Z', ticket }
  const comment = { id: 1, author: 'requester', public: true }
  for (const delivery of ['d-1', 'export-7']) {
    const body = JSON.stringify({ ...created, comment, delivery })
    expect((await fetch(webhooksTo, { method: 'POST', body })).status).toBe(204)
  }
  expect(sent).toHaveLength(2)
  expect(sent[0]).toHaveLength(2)
  expect(sent[1]).toEqual(sent[0])
})
