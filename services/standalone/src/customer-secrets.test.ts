import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embeddedEventLog } from '@deskpulse/stream'
import { expect, onTestFinished, test } from 'vitest'
import { customerSecrets } from './customer-secrets.ts'

const nowMs = Date.parse('2026-03-02T01:00:00Z')
const untilMs = Date.parse('2026-03-02T02:00:00Z')
const previousName = 'customers.until-20260302T020000Z.key'

/** Starts over one folder, one after the other. */
function starts() {
  const folder = mkdtempSync(join(tmpdir(), 'deskpulse-secrets-'))
  const log = embeddedEventLog({ file: join(folder, 'log.sqlite') })
  onTestFinished(async () => {
    await log.close()
    rmSync(folder, { recursive: true })
  })
  const start = (rotatedAtMs: number | null = null, atMs = nowMs, isReplaced = false) =>
    customerSecrets({ folder, log, isReplaced, rotatedAtMs, nowMs: atMs })
  return {
    start,
    refused: (...asked: Parameters<typeof start>) =>
      start(...asked).then(
        () => '',
        (error: Error) => error.message,
      ),
    /** With `--new-customers-key`. */
    replaced: () => start(null, nowMs, true),
    path: (name: string) => join(folder, name),
    keys: () => readdirSync(folder).filter((name) => name.endsWith('.key')),
  }
}

test('a new key takes the place of the present one, which is kept beside it for the time before', async () => {
  const { start, path, keys } = starts()
  const { key } = await start()
  const rotated = await start(untilMs)
  expect(rotated.previous).toEqual([{ key, untilMs }])
  expect(rotated.key).not.toEqual(key)
  expect(keys()).toEqual(['customers.key', previousName])
  expect(readFileSync(path(previousName))).toEqual(Buffer.from(key))
  expect(statSync(path(previousName)).mode & 0o777).toBe(0o600)
})

test('said again it changes nothing, and without the flag all stays, before the instant and after it', async () => {
  const { start } = starts()
  await start()
  const rotated = await start(untilMs)
  for (const [at, atMs] of [
    [untilMs, nowMs],
    [null, nowMs],
    [null, untilMs],
    [untilMs, untilMs + 1],
  ] as const)
    expect(await start(at, atMs)).toEqual(rotated)
})

test('at the very first start, too', async () => {
  const { start } = starts()
  expect((await start(untilMs)).previous).toMatchObject([{ untilMs }])
})

test('an instant of which events may be there is refused, and no file is changed', async () => {
  const { start, refused, keys } = starts()
  const { key } = await start()
  const inFiveMinutes = nowMs + 5 * 60_000
  expect(await refused(inFiveMinutes)).toMatch(
    /^--rotate-customers-key: expected an instant after 2026-03-02T01:05:00Z/,
  )
  expect(keys()).toEqual(['customers.key'])
  expect((await start(inFiveMinutes + 1_000)).previous).toMatchObject([{ key }])
  expect(await refused(inFiveMinutes)).toContain('after 2026-03-02T01:05:01Z')
})

test('a previous file that is gone leaves its time without a key; the same one may come back, no other', async () => {
  const { start, refused, path } = starts()
  const { key } = await start()
  await start(untilMs)
  rmSync(path(previousName))
  expect((await start(null, untilMs)).previous).toEqual([{ key: null, untilMs }])
  writeFileSync(path(previousName), Buffer.alloc(32, 1))
  expect(await refused(null, untilMs)).toMatch(
    new RegExp(`^${path(previousName)} is not the key .* or remove it: events from before then`),
  )
  writeFileSync(path(previousName), 'x')
  expect(await refused(null, untilMs)).toContain(`${path(previousName)} is damaged`)
  writeFileSync(path(previousName), key)
  expect((await start(null, untilMs)).previous).toEqual([{ key, untilMs }])
})

test('without the key that is in force until a change nothing starts; who gives it up gives up the change', async () => {
  const { start, refused, replaced, path } = starts()
  await start()
  const rotated = await start(untilMs)
  rmSync(path(previousName))
  expect(await refused()).toContain(
    `${path(previousName)} is missing, and customers are hidden under it until then`,
  )
  expect(await replaced()).toEqual({ key: rotated.key, previous: [] })
  expect(await start()).toEqual({ key: rotated.key, previous: [] })
})

test('both keys that are lost before a change are given up together', async () => {
  const { start, refused, replaced, path } = starts()
  await start()
  await start(untilMs)
  for (const name of [previousName, 'customers.key']) rmSync(path(name))
  expect(await refused()).toContain('customers.key is missing')
  const { key, previous } = await replaced()
  expect(previous).toEqual([])
  expect(await start()).toEqual({ key: Buffer.from(key), previous: [] })
})

test('a change is taken back by the file of before in the place of the new one', async () => {
  const { start, path } = starts()
  const { key } = await start()
  await start(untilMs)
  writeFileSync(path('customers.key'), key)
  const back = { key: Buffer.from(key), previous: [{ key: Buffer.from(key), untilMs }] }
  expect(await start()).toEqual(back)
  expect(await start(null, untilMs)).toEqual(back)
})

test('that the present file is another one, or the one of before, stops the start', async () => {
  const { start, refused, path } = starts()
  const { key } = await start()
  const rotated = await start(untilMs)
  writeFileSync(path('customers.key'), Buffer.alloc(32, 1))
  expect(await refused(null, untilMs)).toContain('customers.key is not the key')
  writeFileSync(path('customers.key'), key)
  expect(await refused(null, untilMs)).not.toBe('')
  writeFileSync(path('customers.key'), rotated.key)
  expect(await refused(null, untilMs)).toBe('')
})

test('a change that did not come to its end leaves the key as it was', async () => {
  const { start, path, keys } = starts()
  const { key } = await start()
  writeFileSync(path(previousName), key) // As it is before the new key is made.
  expect(await start()).toEqual({ key: Buffer.from(key), previous: [] })
  expect(keys()).toEqual(['customers.key'])
})

test('a file of no such instant is none of the keys', async () => {
  const { start, path } = starts()
  const { key } = await start()
  writeFileSync(path('customers.until-20260230T000000Z.key'), key)
  expect((await start()).previous).toEqual([])
})

test('keys change again and again', async () => {
  const { start } = starts()
  await start()
  const first = await start(untilMs)
  const nextMs = untilMs + 86_400_000
  const { previous } = await start(nextMs, untilMs + 60_000)
  expect(previous).toEqual([...first.previous, { key: first.key, untilMs: nextMs }])
})
