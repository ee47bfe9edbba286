import { writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { launch, workbench } from './testing/product.ts'

const event = {
  specversion: '1.0',
  id: 'e-1',
  source: '/test',
  type: 'deskpulse.contact.opened.v1',
  time: '2026-03-02T01:00:27.017Z',
  tenant: 'acme',
  data: { contactId: 'c-1', customerId: 'u-1', channel: 'chat', queue: 'billing' },
}

/** The value of a metric's first series; 0 when there is none. */
async function metric(address: string, name: string): Promise<number> {
  const text = await (await fetch(`${address}metrics`)).text()
  return Number(new RegExp(`^${name}(?:\\{.*\\})? (.+)$`, 'm').exec(text)?.[1] ?? 0)
}

/** Of the day of the event that `post` sends; `null` while the tenant is unknown. */
async function contactsOpened(address: string): Promise<unknown> {
  const query = 'period=day&from=2026-03-02&to=2026-03-03&kpis=contacts_opened'
  const response = await fetch(`${address}v1/tenants/acme/kpis/periods?${query}`)
  if (response.status !== 200) return null
  const answer = (await response.json()) as {
    readonly rows: readonly { readonly kpis: Record<string, { readonly value: unknown }> }[]
  }
  return answer.rows[0]?.kpis['contacts_opened']?.value
}

async function post(address: string, tenant = 'acme'): Promise<Response> {
  const body = JSON.stringify({ ...event, tenant })
  return fetch(`${address}v1/tenants/${tenant}/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
}

describe('the embedded product', () => {
  test('says that it is open and where, takes a tenant that nobody configured, and stops orderly', async () => {
    await using bench = workbench()
    const product = bench.start('--no-simulator')
    const address = await product.ready()
    const response = await post(address)
    expect(response.status).toBe(202)
    expect(await response.json()).toMatchObject({ accepted: 1, refused: 0 })
    const ready = await fetch(`${address}readyz`)
    expect(ready.status).toBe(200)
    expect(await ready.json()).toMatchObject({ checks: { store: true, 'fold-version': true } })
    expect(await metric(address, 'deskpulse_events_accepted_total')).toBe(1)
    await expect.poll(() => metric(address, 'deskpulse_entries_folded_total')).toBe(1)
    const ended = await product.kill('SIGTERM')
    expect(ended).toEqual({
      code: 0,
      signal: null,
      out: `Deskpulse is open: whoever reaches it may read and change everything.\nDeskpulse is ready: ${address}\n`,
      err: '',
    })
  })

  test('plays the simulated contact center unless told not to', async () => {
    await using bench = workbench()
    const product = bench.start()
    const address = await product.ready()
    await expect
      .poll(() => metric(address, 'deskpulse_entries_folded_total'))
      .toBeGreaterThan(1_000)
    expect((await product.kill('SIGTERM')).err).toBe('')
  })

  test('continues with the same values after SIGKILL', async () => {
    await using bench = workbench()
    const first = bench.start('--no-simulator')
    const address = await first.ready()
    expect((await post(address)).status).toBe(202)
    await expect.poll(() => contactsOpened(address)).toBe(1)
    await first.kill('SIGKILL')
    const again = bench.start('--no-simulator')
    const newAddress = await again.ready()
    await expect.poll(() => contactsOpened(newAddress)).toBe(1)
    expect((await post(newAddress)).status).toBe(202)
    expect(await again.kill('SIGTERM')).toMatchObject({ code: 0, err: '' })
  })

  test('can be killed in the middle of the simulated day', async () => {
    await using bench = workbench()
    const first = bench.start()
    await expect
      .poll(async () => metric(await first.ready(), 'deskpulse_entries_folded_total'))
      .toBeGreaterThan(500)
    await first.kill('SIGKILL')
    const again = bench.start()
    await expect
      .poll(async () => metric(await again.ready(), 'deskpulse_entries_folded_total'))
      .toBeGreaterThan(500)
    expect(await again.kill('SIGTERM')).toMatchObject({ code: 0, err: '' })
  })

  test('shows the wallboard at its address', async () => {
    await using bench = workbench()
    const response = await fetch(await bench.start('--no-simulator').ready())
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('text/html')
  })
})

describe('a start that cannot be', () => {
  test('on a folder that another process uses says so', async () => {
    await using bench = workbench()
    await bench.start('--no-simulator').ready()
    const second = await bench.start('--no-simulator').ended
    expect(second).toMatchObject({ code: 1, out: '' })
    expect(second.err).toBe(
      `deskpulse: ${bench.dataDir} is in use by another process: stop it, or choose another --data-dir\n`,
    )
  })

  test('on a folder that cannot be made says so, and ends', async () => {
    await using bench = workbench()
    const ended = await bench.start('--no-simulator', '--data-dir', '/proc/deskpulse/data').ended
    expect(ended).toMatchObject({ code: 1, out: '' })
    expect(ended.err).toMatch(
      /^deskpulse: the data directory \/proc\/deskpulse\/data cannot be used: E[A-Z]+: .*\n$/,
    )
  })

  test('on a port that is in use says so', async () => {
    await using bench = workbench()
    const other = createServer()
    await new Promise<void>((done) => void other.listen(0, '127.0.0.1', done))
    const { port } = other.address() as AddressInfo
    const ended = await bench.start('--no-simulator', '--port', String(port)).ended
    other.close()
    expect(ended).toMatchObject({ code: 1, out: '' })
    expect(ended.err).toBe(
      `deskpulse: 127.0.0.1:${port} is in use: choose another --port, or 0 for any free one\n`,
    )
  })

  test('with an unknown option names it, and exits with 2', async () => {
    const ended = await launch('--prot', '1').ended
    expect(ended).toMatchObject({ code: 2, out: '' })
    expect(ended.err).toContain('--prot')
    expect(ended.err).toContain('--port N')
  })

  test('with a bad configuration names every error, and exits with 2', async () => {
    await using bench = workbench()
    const file = join(bench.dataDir, 'deskpulse.yaml')
    writeFileSync(file, 'tenants: { acme: { timeZone: Mars/Olympus } }\nhttp: { port: -1 }')
    const ended = await bench.start('--config', file).ended
    expect(ended).toMatchObject({ code: 2, out: '' })
    expect(ended.err).toContain('tenants.acme.timeZone: expected ')
    expect(ended.err).toContain('http.port: expected ')
  })

  test('of the simulator, whose tenant the configuration leaves out, says so', async () => {
    await using bench = workbench()
    const file = join(bench.dataDir, 'deskpulse.yaml')
    writeFileSync(file, 'openTenants: false\ntenants: { acme: {} }')
    const ended = await bench.start('--config', file).ended
    expect(ended).toMatchObject({ code: 1, out: '' })
    expect(ended.err).toBe(
      'deskpulse: the simulator plays the tenant "demo", which the configuration does not name: name it, or use --no-simulator\n',
    )
  })
})
