import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { LiveResponse } from '@deskpulse/contract'
import { hourMs, minuteMs } from '@deskpulse/core/time'
import { startEmbedded, type Embedded } from '../support/embedded.ts'
import { eventOf } from '../support/events.ts'
import type { ClockFile } from '../support/shifted-clock.ts'
import { startSink } from '../support/sink.ts'
import { until } from '../support/until.ts'

const tenant = 'acme'
/** A jump is judged for half a minute. */
const patience = { withinMs: 120_000, everyMs: 20 }
const preload = pathToFileURL(join(import.meta.dirname, '../support/shifted-clock.ts')).href

/** `told`: rule and subject of each message, in order. */
type Machine = Embedded & { told(): readonly string[]; clock(state: ClockFile): Promise<void> }

type Message = { readonly data: { readonly rule: string; readonly subject: string } }

/** The product on a machine whose clock the test puts ahead and back. */
async function startMachine(): Promise<Machine> {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-clock-'))
  const file = join(folder, 'clock.json')
  async function clock(state: ClockFile): Promise<void> {
    await writeFile(`${file}.new`, JSON.stringify(state))
    await rename(`${file}.new`, file)
  }
  await clock({ offMs: 0, boot: 'first' })
  const sink = await startSink() // A receiver that checks signatures refuses messages of another time.
  const rules = [
    { name: 'customer-waiting', limit: '2s' },
    { name: 'silent-source', limit: '5m' },
  ]
  const endpoints = [{ name: 'floor', kind: 'webhook', url: sink.url }]
  const alerts = { allowPrivateAddresses: true, endpoints, rules }
  const env = { NODE_OPTIONS: `--import ${preload}`, SHIFTED_CLOCK_FILE: file }
  const machine = await startEmbedded({ tenants: { [tenant]: {} }, alerts }, env)
  onTestFinished(async () => {
    await machine[Symbol.asyncDispose]()
    await sink.stop()
    await rm(folder, { recursive: true })
  })
  const told = (): string[] =>
    sink.bodies().map((body) => `${(body as Message).data.rule} ${(body as Message).data.subject}`)
  return { ...machine, told, clock }
}

/** A customer who writes at the machine's present time. */
async function writes({ client }: Machine, contactId: string, offMs: number): Promise<void> {
  const change = { time: new Date(Date.now() + offMs).toISOString() }
  const opened = eventOf(
    tenant,
    'contact.opened',
    { contactId, channel: 'chat', queue: 'billing', customerId: contactId },
    change,
  )
  await client.send(tenant, [
    opened,
    eventOf(tenant, 'message.sent', { contactId, from: 'customer' }, change),
  ])
}

const isTold = ({ told }: Machine, what: string): Promise<unknown> =>
  until(`${what} is told`, told, (all) => all.includes(what))
const isToldOf = (machine: Machine, contactId: string): Promise<unknown> =>
  isTold(machine, `customer-waiting contact/${contactId}`)

function isClock(machine: Machine, problem: string | null): Promise<LiveResponse> {
  const live = (): Promise<LiveResponse> => machine.client.live(tenant, { kpis: 'waiting_now' })
  return until(
    `the clock is ${problem ?? 'right'}`,
    live,
    ({ clock }) => (clock?.problem ?? null) === problem,
    patience,
  )
}

const isReady = (machine: Machine, wanted: boolean): Promise<unknown> =>
  until(
    `log-clock is ${wanted}`,
    () => machine.service.readiness(),
    ({ checks }) => checks['log-clock'] === wanted,
  )

/** How far log time is from the right time. */
const offOf = ({ asOf }: LiveResponse): number => Date.parse(asOf) - Date.now()

test('a clock that is ahead for a moment, then for good, then put back: whoever waits is told of, and what is wrong is said', async () => {
  const machine = await startMachine()
  const { clock, service } = machine
  await writes(machine, 'before', 0)
  await isToldOf(machine, 'before')

  await clock({ offMs: 10 * minuteMs, boot: 'first' })
  expect((await isClock(machine, 'jump')).clock!.byMs).toBeGreaterThan(9 * minuteMs)
  await isReady(machine, false)
  await clock({ offMs: 0, boot: 'first' })
  const after = await isClock(machine, null)
  expect([Math.abs(offOf(after)) < minuteMs, after.stale]).toEqual([true, false])
  await isReady(machine, true)
  await writes(machine, 'moment', 0)
  await isToldOf(machine, 'moment')
  expect(
    (await service.scrape()).sum('deskpulse_log_clock_jumps_total', { outcome: 'undone' }),
  ).toBe(1)

  const sleptMs = 3 * hourMs // As a machine that slept finds it when it wakes.
  await clock({ offMs: sleptMs, boot: 'first' })
  await isClock(machine, 'jump')
  const followed = await isClock(machine, null)
  expect(Math.abs(offOf(followed) - sleptMs)).toBeLessThan(minuteMs)
  await isReady(machine, true)
  await writes(machine, 'woken', sleptMs)
  await isToldOf(machine, 'woken')

  await clock({ offMs: 0, boot: 'first' })
  const ahead = await isClock(machine, 'ahead')
  expect(ahead).toMatchObject({ stale: true, clock: { byMs: expect.closeTo(sleptMs, -5) } })
  await isReady(machine, false)
  await writes(machine, 'ahead', 0)
  await isToldOf(machine, 'ahead')
  await isTold(machine, 'log-clock clock')
  expect(machine.told().filter((what) => /silent-source|pipeline-stalled/.test(what))).toEqual([])
  expect(service.process().err()).toContain('a clock that log time followed was put back')
}, 300_000)

test('a real-time clock in local time at the start of a machine moves nothing, and the right one is followed', async () => {
  const machine = await startMachine()
  const { clock, service } = machine
  await writes(machine, 'yesterday', 0)
  await isToldOf(machine, 'yesterday')
  await service.end('SIGTERM')

  const nightMs = 14 * hourMs
  await clock({ offMs: nightMs + 8 * hourMs, boot: 'second' })
  const started = service.start(patience)
  const judged = await isClock(machine, 'silence')
  expect(Math.abs(offOf(judged))).toBeLessThan(minuteMs)
  await clock({ offMs: nightMs, boot: 'second' })
  await started
  const right = await isClock(machine, null)
  expect(Math.abs(offOf(right) - nightMs)).toBeLessThan(minuteMs)
  await writes(machine, 'today', nightMs)
  await isToldOf(machine, 'today')
  expect(
    machine.told().filter((what) => /log-clock|pipeline-stalled|silent-source/.test(what)),
  ).toEqual([])
}, 300_000)
