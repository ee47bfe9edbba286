import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startIngestServer } from '../testing/ingest-server.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { run } from '../testing/run.ts'

const nowMs = Date.parse('2026-03-02T10:00:00Z')
const timesIn = (lines: readonly string[]): number[] =>
  lines.map((line) => Date.parse((JSON.parse(line) as { time: string }).time))

test('--out writes a run to a file: the same one for the same seed and start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-cli-'))
  const written = async (name: string, seed: string): Promise<string> => {
    const path = join(folder, name)
    const { exitCode } = await run([
      'simulate',
      '--tenant',
      'demo',
      '--out',
      path,
      '--start',
      '2026-03-02T08:00:00Z',
      '--for',
      '10m',
      '--seed',
      seed,
    ])
    expect(exitCode).toBe(0)
    return readFile(path, 'utf8')
  }
  const text = await written('a', '7')
  expect(await written('b', '7')).toBe(text)
  expect(await written('c', '8')).not.toBe(text)
  const times = timesIn(text.trimEnd().split('\n'))
  expect(times.length).toBeGreaterThan(500)
  expect(Math.max(...times)).toBeLessThan(Date.parse('2026-03-02T08:11:00Z'))
  await rm(folder, { recursive: true })
})

test('a file that cannot be written is named', async () => {
  const { exitCode, err } = await run([
    'simulate',
    '--tenant',
    'demo',
    '--out',
    '/nowhere/at/all',
    '--for',
    '1m',
  ])
  expect(err).toMatch(/^deskpulse: \/nowhere\/at\/all cannot be written: ENOENT/)
  expect(exitCode).toBe(1)
})

test('at a speed above 1 the run ends now, and everything is sent', async () => {
  await using server = await startIngestServer()
  const clock = manualClock(nowMs)
  const { exitCode, out } = await run(
    ['simulate', '--tenant', 'demo', '--url', server.url, '--speed', '60', '--for', '30m'],
    { clock },
  )
  const times = timesIn(server.accepted)
  expect(Math.min(...times)).toBe(nowMs - 30 * 60_000)
  expect(Math.max(...times)).toBeLessThan(nowMs + 60_000)
  expect(clock.nowMs() - nowMs).toBeGreaterThanOrEqual(29_000)
  expect(clock.nowMs() - nowMs).toBeLessThan(40_000)
  expect(out).toContain(`accepted  ${times.length}\n`)
  expect(exitCode).toBe(0)
})

test('--warm-up begins earlier, --agents and --rate set the size', async () => {
  await using server = await startIngestServer()
  const clock = manualClock(nowMs)
  const args = ['--warm-up', '10m', '--for', '1m', '--agents', '2', '--rate', '120']
  await run(['simulate', '--tenant', 'demo', '--url', server.url, ...args], { clock })
  const events = server.accepted.map(
    (line) => JSON.parse(line) as { type: string; time: string; data: { agentId?: string } },
  )
  expect(Date.parse(events[0]!.time)).toBe(nowMs - 10 * 60_000)
  expect(new Set(events.flatMap(({ data }) => data.agentId ?? [])).size).toBe(6)
  expect(
    events.filter(({ type }) => type === 'deskpulse.contact.opened.v1').length,
  ).toBeGreaterThan(1_000)
})

test('an interruption of an endless run is its normal end', async () => {
  const interrupted = new AbortController()
  await using server = await startIngestServer((request) => {
    interrupted.abort()
    return { status: 202, body: { accepted: request.lines.length, refused: 0, refusals: [] } }
  })
  const context = { clock: manualClock(nowMs), signal: interrupted.signal }
  const { exitCode } = await run(['simulate', '--tenant', 'demo', '--url', server.url], context)
  expect(JSON.parse(server.accepted.at(-1)!)).toMatchObject({ data: { state: 'offline' } })
  expect(exitCode).toBe(0)
})

test('a start in the future is refused, since its events would be', async () => {
  const args = [
    'simulate',
    '--tenant',
    'demo',
    '--url',
    'http://127.0.0.1:1',
    '--start',
    '2026-03-02T10:00:01Z',
  ]
  const { exitCode, err } = await run(args, { clock: manualClock(nowMs) })
  expect(err).toContain('--start lies in the future')
  expect(exitCode).toBe(2)
})
