import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { embeddedEventLog, embeddedStateStore, type PartitionId } from '@deskpulse/stream'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { run } from '../testing/run.ts'

let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deskpulse-check-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const log = embeddedEventLog({ file: join(folder, 'log.sqlite') })
  await log.ensureTopics([{ name: 'deskpulse.log', partitions: 1, settings: {} }])
  for (const text of ['a', 'b', 'c'])
    await log.append('deskpulse.log', 0 as PartitionId, [{ key: null, value: Buffer.from(text) }])
  await log.close()
  await (await embeddedStateStore({ file: join(folder, 'store.sqlite') })).close()
})

const check = (...more: readonly string[]) => run(['check', '--data-dir', folder, ...more])

function change(sql: string): void {
  const database = new DatabaseSync(join(folder, 'log.sqlite'))
  database.exec(sql)
  database.close()
}

test('files that are whole are said to be so, with what was looked at', async () => {
  const { exitCode, out, err } = await check()
  expect([exitCode, err]).toEqual([0, ''])
  expect(out).toBe(
    `${folder}/log.sqlite is whole\ntopic          partition  records\ndeskpulse.log  0          3\n${folder}/store.sqlite is whole\n`,
  )
})

test('a record that is not what was written, and offsets that are missing, are named: exit code 1', async () => {
  change(
    `UPDATE records_1 SET value = 'x' WHERE "offset" = 2; DELETE FROM records_1 WHERE "offset" = 1`.replace(
      "'x'",
      "x'78'",
    ),
  )
  const { exitCode, out, err } = await check()
  expect(exitCode).toBe(1)
  expect(out).toContain('deskpulse.log/0: offsets 1 to 1 are missing')
  expect(out).toContain('deskpulse.log/0: the record at offset 2 is not what was written')
  expect(err).toContain('docs/operations.md#damaged-files')
})

test('a file that is no database is named, and the others are checked all the same', async () => {
  writeFileSync(join(folder, 'store.sqlite'), 'x'.repeat(8_192))
  const { exitCode, out } = await check('--json')
  expect(exitCode).toBe(1)
  expect(JSON.parse(out)).toMatchObject({
    ok: false,
    files: [{ faults: [] }, { faults: ['file is not a database'] }],
  })
})

test('the file of the dead letters is checked too', async () => {
  writeFileSync(join(folder, 'dead-letters.sqlite'), 'x'.repeat(8_192))
  const { exitCode, out } = await check()
  expect(exitCode).toBe(1)
  expect(out).toContain('dead-letters.sqlite is damaged')
})

test('records without a checksum are counted', async () => {
  change('UPDATE records_1 SET checksum = NULL WHERE "offset" < 2')
  const { exitCode, out } = await check()
  expect(exitCode).toBe(0)
  expect(out).toContain('2 without a checksum: an older version wrote them')
})

test('a folder without a log, and no folder, are refused with a sentence', async () => {
  const missing = join(folder, 'nothing')
  expect(await run(['check', '--data-dir', missing])).toMatchObject({
    exitCode: 1,
    err: `deskpulse: ${missing}/log.sqlite: there is no such file\n`,
  })
  expect(await run(['check'])).toMatchObject({
    exitCode: 2,
    err: 'deskpulse: --data-dir is missing\n',
  })
})
