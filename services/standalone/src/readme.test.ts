import { execFile } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { AcceptedResponse, LiveResponse, RefusalsResponse } from '@deskpulse/contract'
import { expect, test } from 'vitest'
import { workbench } from './testing/product.ts'

const shell = promisify(execFile)
const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')
const written = 'http://127.0.0.1:8080/'

/** README's block that sends an event and asks for what it counts, without the pause between them. */
const [send = '', ask = ''] =
  /^```sh\n(now=[^]+?)\nsleep 1\n([^]+?)```$/m.exec(readme)?.slice(1) ?? []

const json = async <Body>(url: string): Promise<Body> => (await (await fetch(url)).json()) as Body

test('the commands of README.md may be given again and again: each time one contact more, and nothing is refused', async () => {
  await using bench = workbench()
  const address = await bench.start('--no-simulator').ready()
  const atClock = async (command: string, clock: string): Promise<string> => {
    const date = join(bench.dataDir, 'date')
    writeFileSync(date, `#!/bin/sh\necho ${clock}\n`)
    chmodSync(date, 0o755)
    const env = { PATH: `${bench.dataDir}:${process.env['PATH']}` }
    return (await shell('sh', ['-c', command.replaceAll(written, address)], { env })).stdout
  }
  const openedSoFar = async (): Promise<unknown> => {
    const { rows } = JSON.parse(await atClock(ask, '')) as Partial<LiveResponse>
    return rows?.[0]?.kpis['contacts_opened']?.value
  }

  const secondsAgo = (seconds: number): string =>
    `${new Date(Date.now() - seconds * 1_000).toISOString().slice(0, 19)}Z`
  const [first, second] = [secondsAgo(2), secondsAgo(1)]
  for (const clock of [first, second, second]) {
    expect(JSON.parse(await atClock(send, clock)) as AcceptedResponse).toEqual({
      accepted: 1,
      refused: 0,
      refusals: [],
    })
  }
  await expect.poll(openedSoFar).toBe(2)
  const { total } = await json<RefusalsResponse>(`${address}v1/tenants/acme/refusals`)
  expect(total).toBe(0)
})

test('what the folds refuse is listed by the embedded product, counted by tenant and source, and still there after a SIGKILL', async () => {
  await using bench = workbench()
  const product = bench.start('--no-simulator')
  const address = await product.ready()
  const event = {
    ...{
      specversion: '1.0',
      id: 'e-1',
      source: '/test',
      type: 'deskpulse.contact.opened.v1',
      tenant: 'acme',
    },
    ...{
      time: '2026-03-02T01:00:27.017Z',
      data: { contactId: 'c-1', customerId: 'u-1', channel: 'chat' },
    },
  }
  const body = JSON.stringify([event, { ...event, time: '2026-03-02T01:00:28Z' }])
  await fetch(`${address}v1/tenants/acme/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  const listed = (at: string): Promise<RefusalsResponse> =>
    json(`${at}v1/tenants/acme/refusals?code=id-conflict&source=/test`)
  await expect.poll(async () => (await listed(address)).total).toBe(1)

  const before = await listed(address)
  expect(before.rows).toMatchObject([
    { code: 'id-conflict', source: '/test', id: 'e-1', time: '2026-03-02T01:00:28.000Z' },
  ])
  expect(before.rows[0]?.event?.data['customerId']).toMatch(/^[\w-]{22}$/)
  const metrics = await (await fetch(`${address}metrics`)).text()
  expect(metrics).toContain(
    'deskpulse_entries_refused_total{tenant="acme",source="/test",code="id-conflict"} 1',
  )

  await product.kill('SIGKILL')
  const again = await bench.start('--no-simulator').ready()
  expect((await listed(again)).rows).toEqual(before.rows)
})
