import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { backup, DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { dayMs, hourMs } from '@deskpulse/core/time'
import {
  at,
  bytes,
  changeOf,
  changes,
  opened,
  p0,
  seen,
  writer,
} from '../contract-suites/state-store/fixture.ts'
import { stateStoreContract } from '../contract-suites/state-store.ts'
import type { Offset } from '../event-log.ts'
import type { Acquired, StateStore } from '../state-store.ts'
import { embeddedStateStore } from './state-store.ts'

const made: string[] = []

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'deskpulse-store-'))
  made.push(folder)
  return join(folder, 'state.sqlite')
}

afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

/** What the version before made, with one commit in it. */
const layout2 = `
  CREATE TABLE positions (
    partition INTEGER PRIMARY KEY, epoch TEXT NOT NULL, offset INTEGER NOT NULL, log_time INTEGER NOT NULL, watermark INTEGER NOT NULL,
    step INTEGER NOT NULL, commits INTEGER NOT NULL, stamp INTEGER NOT NULL
  ) STRICT;
  INSERT INTO positions VALUES (0, '1-a', 7, 1000, 900, 0, 1, 5);
  CREATE TABLE records (
    partition INTEGER NOT NULL, key TEXT NOT NULL, bytes BLOB NOT NULL, expires_at INTEGER, UNIQUE (partition, key)
  ) STRICT;
  INSERT INTO records VALUES (0, 'm:a', X'31', NULL);
  CREATE INDEX records_by_expiry ON records (expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE open_intervals (
    partition INTEGER NOT NULL, key TEXT NOT NULL, member TEXT NOT NULL, since INTEGER NOT NULL, PRIMARY KEY (partition, key, member)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO open_intervals VALUES (0, 'o:a', 'x', 3);
  CREATE INDEX open_intervals_by_since ON open_intervals (partition, key, since, member);
  CREATE TABLE wakes (
    partition INTEGER NOT NULL, subject TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (partition, subject)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX wakes_by_time ON wakes (partition, at, subject);
  CREATE TABLE outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT, partition INTEGER NOT NULL, id TEXT NOT NULL, topic TEXT NOT NULL, key TEXT NOT NULL,
    bytes BLOB NOT NULL, headers TEXT
  ) STRICT;
  CREATE INDEX outbox_by_partition ON outbox (partition, position);
  CREATE TABLE changes (
    partition INTEGER NOT NULL, number INTEGER NOT NULL, stamp INTEGER NOT NULL, offset INTEGER NOT NULL, log_time INTEGER NOT NULL,
    watermark INTEGER NOT NULL, keys TEXT NOT NULL, PRIMARY KEY (partition, number)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO changes VALUES (0, 1, 5, 7, 1000, 900, '["m:a","o:a"]');
  PRAGMA user_version = 2;
`

const changes3 = `CREATE TABLE changes (
    partition INTEGER NOT NULL, number INTEGER NOT NULL, stamp INTEGER NOT NULL, offset INTEGER NOT NULL, log_time INTEGER NOT NULL,
    watermark INTEGER NOT NULL, keys TEXT NOT NULL, fields TEXT NOT NULL, PRIMARY KEY (partition, number)
  ) STRICT, WITHOUT ROWID`

describe('embedded', () => {
  stateStoreContract((options) => embeddedStateStore({ file: newFile(), ...options }))

  const reopen = async (file: string): Promise<StateStore> =>
    opened(() => embeddedStateStore({ file }))

  test('what was committed is there when the file is opened again, and a cursor goes on', async () => {
    const file = newFile()
    const first = await embeddedStateStore({ file })
    const { commit } = await writer(first)
    const { cursor } = await first.read(p0, { keys: [] })
    await commit({
      puts: [{ key: 'm:a', bytes: bytes('1') }],
      wakes: [{ subject: 'w', atMs: at(3) }],
    })
    const before = await seen(first, ['m:a'], ['o:a'])
    await first.close()
    const second = await reopen(file)
    expect(await seen(second, ['m:a'], ['o:a'])).toEqual(before)
    expect((await second.read(p0, { keys: [], since: cursor })).changed).toEqual(
      changes({ 'm:a': [] }),
    )
  })

  test('a process that is killed loses nothing that was acknowledged, and leaves no half of a commit', async () => {
    const file = newFile()
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('./state-store.crash.ts', import.meta.url)), file],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    let acknowledged = 0
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged = Number(line)
      if (acknowledged === 200) child.kill('SIGKILL')
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    const { offset, values } = await seen(await reopen(file), ['m:a', 'm:b', 'j:a'])
    expect(acknowledged).toBeGreaterThanOrEqual(200)
    expect(offset).toBeGreaterThanOrEqual(acknowledged)
    expect(values).toEqual([`${offset}`, `${offset}`, 'x'.repeat(offset)])
  })

  test('a full file refuses the commit, writes nothing of it, and what was accepted stays readable', async () => {
    const store = await opened(() => embeddedStateStore({ file: newFile(), bytesMax: 400_000 }))
    const owner = await store.acquire(p0)
    const small = changeOf(owner, { puts: [{ key: 'm:a', bytes: bytes('1') }] })
    expect(await store.commit(p0, small)).toEqual({ kind: 'committed' })
    const before = await seen(store, ['m:a', 'm:first', 'm:big'])
    const big = [
      { key: 'm:first', bytes: bytes('1') },
      { key: 'm:big', bytes: new Uint8Array(600_000) },
    ]
    const large = changeOf(owner, { fromOffset: small.toOffset, puts: big })
    await expect(store.commit(p0, large)).rejects.toThrow(
      expect.objectContaining({ code: 'STORE_FULL' }),
    )
    expect(await seen(store, ['m:a', 'm:first', 'm:big'])).toEqual(before)
    expect(await store.commit(p0, changeOf(owner, { fromOffset: small.toOffset }))).toEqual({
      kind: 'committed',
    })
  })

  test('the file never grows past its bytes, down to a part of a page', async () => {
    const [file, bytesMax] = [newFile(), 401_407] // 98 pages of 4,096 bytes less one byte.
    const store = await embeddedStateStore({ file, bytesMax })
    const owner = await store.acquire(p0)
    const commit = (from: number) => {
      const puts = [{ key: `m:${from}`, bytes: new Uint8Array(2_500) }] // Less than a page: the last one is used too.
      return store.commit(
        p0,
        changeOf(owner, { fromOffset: from as Offset, toOffset: (from + 1) as Offset, puts }),
      )
    }
    await expect(async () => {
      for (let from = 0; from < 200; from++) await commit(from)
    }).rejects.toThrow(expect.objectContaining({ code: 'STORE_FULL' }))
    await store.close()
    expect(statSync(file).size).toBeLessThanOrEqual(bytesMax)
    expect(statSync(file).size).toBeGreaterThan(bytesMax - 4_096)
  })

  test('a bug in the middle of a commit leaves nothing of it, and the next one works', async () => {
    const store = await opened(() => embeddedStateStore({ file: newFile() }))
    const owner = await store.acquire(p0)
    const unstorable = { not: 'bytes' } as unknown as Uint8Array
    const broken = changeOf(owner, {
      puts: [{ key: 'm:a', bytes: bytes('1') }],
      appends: [{ key: 'j:a', bytes: unstorable }],
    })
    await expect(store.commit(p0, broken)).rejects.toThrow(TypeError)
    expect(await seen(store, ['m:a', 'j:a'])).toMatchObject({ offset: 0, values: [null, null] })
    expect(await store.commit(p0, changeOf(owner))).toEqual({ kind: 'committed' })
  })

  test('a file that another connection holds locked is unavailable, and works again afterwards', async () => {
    const file = newFile()
    const store = await opened(() => embeddedStateStore({ file, lockWaitMs: 10 }))
    const other = new DatabaseSync(file)
    onTestFinished(() => other.close())
    other.exec('BEGIN IMMEDIATE')
    await expect(store.acquire(p0)).rejects.toThrow(
      expect.objectContaining({ code: 'STORE_UNAVAILABLE' }),
    )
    other.exec('ROLLBACK')
    expect(await store.acquire(p0)).toMatchObject({ offset: 0 })
  })

  test('a folder that does not exist is unavailable, and a file of another version is refused', async () => {
    const nowhere = join(newFile(), 'missing', 'state.sqlite')
    await expect(embeddedStateStore({ file: nowhere })).rejects.toThrow(
      expect.objectContaining({ code: 'STORE_UNAVAILABLE' }),
    )
    const file = newFile()
    const foreign = new DatabaseSync(file)
    foreign.exec('PRAGMA user_version = 99')
    foreign.close()
    await expect(embeddedStateStore({ file })).rejects.toThrow(
      expect.objectContaining({ code: 'STORE_LAYOUT', message: expect.stringMatching(/99.*4/) }),
    )
  })

  test('a file of the layout before is taken over with all that it holds', async () => {
    const file = newFile()
    const before = new DatabaseSync(file)
    before.exec(layout2)
    before.close()
    const store = await reopen(file)
    const { cursor, ...seenOf } = await seen(store, ['m:a'], ['o:a'])
    expect(seenOf).toMatchObject({
      offset: 7,
      values: ['1'],
      lists: [{ count: 1, first: [{ member: 'x', score: 3 }] }],
    })
    const owner = await store.acquire(p0)
    const fields = [{ key: 'open:a', field: 'f', bytes: bytes('1') }]
    expect(
      await store.commit(
        p0,
        changeOf(owner, { fields, lists: [{ key: 'o:a', member: 'x', score: null }] }),
      ),
    ).toEqual({
      kind: 'committed',
    })
    const after = await store.read(p0, {
      keys: [],
      lists: [{ key: 'o:a', members: 1 }],
      since: cursor,
    })
    expect([after.lists, after.changed]).toEqual([
      [{ count: 0, first: [] }],
      changes({ 'open:a': ['f'], 'o:a': [] }),
    ])
  })

  test('a file whose commits told otherwise what they changed is taken over: of those anything may have changed, and the next one is told', async () => {
    const file = newFile()
    const store = await embeddedStateStore({ file })
    const first = await store.read(p0, { keys: [] })
    await (await writer(store)).commit({ puts: [{ key: 'm:a', bytes: bytes('1') }] })
    await store.close()
    const before = new DatabaseSync(file)
    before.exec(
      `DROP TABLE changes; ${changes3}; INSERT INTO changes SELECT 0, commits, stamp, 1, 0, 0, '["m:a"]', '{}' FROM positions`,
    )
    before.exec('PRAGMA user_version = 3')
    before.close()
    const after = await reopen(file)
    expect(await after.read(p0, { keys: ['m:a'], since: first.cursor })).toMatchObject({
      changed: 'lost',
      values: [bytes('1')],
    })
    const ending = new AbortController()
    const notices = after.follow(p0, first.cursor, ending.signal)[Symbol.asyncIterator]()
    expect((await notices.next()).value).toBe('unreadable')
    await (await writer(after)).commit({ puts: [{ key: 'm:b', bytes: bytes('1') }] })
    expect((await notices.next()).value).toMatchObject({
      offset: 2,
      changed: changes({ 'm:b': [] }),
    })
    ending.abort()
  })

  test('a copy of the file put back is an older moment: the worker is behind, and cursors from the lost time are lost', async () => {
    const file = newFile()
    const store = await embeddedStateStore({ file })
    const { owner, commit } = await writer(store)
    await commit()
    const copy = newFile()
    const source = new DatabaseSync(file)
    await backup(source, copy)
    source.close()
    await commit()
    await commit()
    const { cursor } = await store.read(p0, { keys: [] })
    await store.close()
    const restored = await reopen(copy)
    expect(
      await restored.commit(p0, changeOf(owner, { fromOffset: 3 as Acquired['offset'] })),
    ).toEqual({ kind: 'behind', offset: 1 })
    for (const from of [1, 2, 3])
      await restored.commit(p0, changeOf(owner, { fromOffset: from as Acquired['offset'] }))
    expect((await restored.read(p0, { keys: [], since: cursor })).changed).toBe('lost')
  })

  test('expired records are deleted a little with each commit; records without an expiry, or written again without one, stay', async () => {
    const file = newFile()
    let now = 1_700_000_000_000
    const store = await opened(() => embeddedStateStore({ file, nowMs: () => now }))
    const { commit } = await writer(store)
    const expiring = Array.from({ length: 250 }, (_, i) => ({
      key: `m:${i}`,
      bytes: bytes('1'),
      expiresInMs: dayMs,
    }))
    await commit({
      puts: [
        ...expiring,
        { key: 'm:kept', bytes: bytes('1') },
        { key: 'm:again', bytes: bytes('1'), expiresInMs: 1 },
      ],
    })
    await commit({ puts: [{ key: 'm:again', bytes: bytes('2') }] })
    const left = async () =>
      (await seen(store, [...expiring.map(({ key }) => key), 'm:kept', 'm:again'])).values.filter(
        (value) => value !== null,
      ).length
    now += dayMs - 1
    await commit()
    expect(await left()).toBe(252)
    now += hourMs + 1
    await commit()
    expect(await left()).toBe(52)
    await commit()
    expect(await left()).toBe(2)
  })

  test('records of a hash expire as was last said of it, all of them', async () => {
    let now = 1_700_000_000_000
    const store = await opened(() => embeddedStateStore({ file: newFile(), nowMs: () => now }))
    const { commit } = await writer(store)
    const keys = ['m:a#1', 'm:a#2', 'm:b#1', 'm:c#1']
    await commit({
      puts: keys.map((key) => ({ key, bytes: bytes('1') })),
      expiries: [{ key: 'm:a', expiresInMs: dayMs }],
    })
    await commit({
      puts: [
        { key: 'm:a#1', bytes: bytes('2') },
        { key: 'm:b#1', bytes: bytes('2'), expiresInMs: dayMs },
      ],
    })
    now += dayMs - 1
    await commit()
    expect((await seen(store, keys)).values).toEqual(['2', '1', '2', '1'])
    now += hourMs + 1
    await commit()
    expect((await seen(store, keys)).values).toEqual([null, null, null, '1'])
  })
})
