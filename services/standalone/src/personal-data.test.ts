import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deadLettersFile } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import {
  askedFor,
  canaries,
  canaryEvents,
  canaryHeaders,
  canaryPaths,
  canaryQuery,
  foundIn,
  kept,
  refusedCanaries,
} from '../../../tests/support/canaries.ts'
import { workbench } from './testing/product.ts'

const tenant = 'acme'
const headers = { 'content-type': 'application/x-ndjson', ...canaryHeaders }
const addresses = [...askedFor(tenant), '/v1/audit', `/v1/tenants/${tenant}/alerts`]

test('what is personal is found where it is looked for', () => {
  for (const text of canaries) {
    expect(foundIn(Buffer.from(`x${text}y`))).toEqual([text])
    expect(foundIn(Buffer.from(encodeURIComponent(text)))).toEqual([text])
    expect(foundIn(Buffer.from(Buffer.from(text).toString('base64')))).toEqual([text])
  }
})

test('what is personal is in no log, metric, answer or file, but in dead letters', async () => {
  await using bench = workbench()
  const product = bench.start('--no-simulator')
  const address = await product.ready()
  const now = new Date()
  const send = (lines: readonly string[]): Promise<Response> =>
    fetch(`${address}v1/tenants/${tenant}/events?${canaryQuery}`, {
      ...{ method: 'POST', headers, body: lines.join('\n') },
    })

  const events = canaryEvents(tenant, now)
  const sent = await send(events.map((event) => JSON.stringify(event)))
  expect(await sent.json()).toMatchObject({ accepted: events.length, refused: 0 })
  const not = refusedCanaries(tenant, now)
  const answer = await (await send(not)).text()
  expect(JSON.parse(answer)).toMatchObject({ accepted: 0, refused: not.length })
  for (const path of canaryPaths(tenant)) await fetch(new URL(path, address), { headers })

  const folded = async (): Promise<number> => {
    const text = await (await fetch(`${address}metrics`)).text()
    return Number(/^deskpulse_entries_folded_total(?:\{.*\})? (.+)$/m.exec(text)?.[1] ?? 0)
  }
  await expect.poll(folded, { timeout: 20_000 }).toBeGreaterThanOrEqual(events.length)

  const seen: Record<string, string[]> = { 'what is refused': foundIn(Buffer.from(answer)) }
  for (const path of addresses) {
    const response = await fetch(new URL(path, address))
    expect(`${path} ${response.status}`).toBe(`${path} 200`)
    seen[path] = foundIn(Buffer.from(await response.arrayBuffer()))
  }
  const { out, err } = await product.kill('SIGTERM')
  seen['standard output'] = foundIn(Buffer.from(out))
  seen['the log'] = foundIn(Buffer.from(err))
  const files = readdirSync(bench.dataDir)
  const bytesOf = (file: string): Buffer => readFileSync(join(bench.dataDir, file))
  for (const file of files) seen[file] = foundIn(bytesOf(file))

  const letters = files.filter((file) => file.startsWith(deadLettersFile))
  for (const file of letters) delete seen[file]
  expect(Object.entries(seen).filter(([, found]) => found.length > 0)).toEqual([])
  expect(files).toContain(deadLettersFile)
  for (const file of ['log.sqlite', 'store.sqlite'])
    expect(foundIn(bytesOf(file), [kept])).toEqual([kept])
})
