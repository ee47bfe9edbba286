import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { accessSync, constants, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const main = resolve(import.meta.dirname, 'main.ts')

test('main.ts runs as it is, and as an executable', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [main, '--version'])
  expect(stdout).toMatch(/^deskpulse \d/)
  expect(readFileSync(main, 'utf8').split('\n')[0]).toBe('#!/usr/bin/env node')
  accessSync(main, constants.X_OK)
})

test('a reader that has seen enough (| head) is no error', async () => {
  const child = spawn(process.execPath, [
    main,
    'simulate',
    '--tenant',
    'demo',
    '--out',
    '-',
    '--for',
    '2d',
  ])
  child.stdout.once('data', () => child.stdout.destroy())
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number]
  expect({ code, errors }).toEqual({ code: 0, errors: '' })
})
