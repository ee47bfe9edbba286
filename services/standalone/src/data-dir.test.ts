import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDataDir } from './data-dir.ts'
import { StartError } from './start-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'deskpulse-data-dir-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a folder that is missing is made with those above it, for its owner alone', async () => {
  const path = join(folder, 'a', 'b')
  await (await openDataDir(path)).close()
  for (const made of [path, join(folder, 'a')]) expect(statSync(made).mode & 0o777).toBe(0o700)
  await (await openDataDir(path)).close()
})

describe('a folder that cannot be made or used is refused by name, at once', () => {
  beforeAll(() => {
    writeFileSync(join(folder, 'file'), '')
    mkdirSync(join(folder, 'closed'))
    chmodSync(join(folder, 'closed'), 0o500)
  })

  test.each([
    { rule: 'a file is in the way', path: () => join(folder, 'file'), reason: 'EEXIST' },
    { rule: 'a file is above it', path: () => join(folder, 'file', 'below', 'it'), reason: 'EEXIST' },
    { rule: 'the system has no folders there', path: () => '/dev/null/x', reason: 'EEXIST' },
    { rule: 'its name is too long', path: () => join(folder, 'x'.repeat(300)), reason: 'ENAMETOOLONG' },
    // To root everything is open, but for what the kernel keeps for itself.
    {
      rule: 'it is another’s',
      path: () => (process.getuid?.() === 0 ? '/proc/self/x' : join(folder, 'closed', 'x')),
      reason: process.getuid?.() === 0 ? 'ENOENT' : 'EACCES',
    },
  ])('$rule', async ({ path, reason }) => {
    const error = await openDataDir(path()).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(StartError)
    expect((error as StartError).message).toContain(`the data directory ${path()} cannot be used: ${reason}`)
  })

  test.runIf(existsSync('/proc/self'))('nothing can be written in it', async () => {
    const error = await openDataDir('/proc/self/task').catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(StartError)
    expect((error as StartError).message).toContain('the data directory /proc/self/task cannot be used: ')
  })
})
