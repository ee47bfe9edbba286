import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

export const keyBytes = 32

/** In place as a whole or not at all; readable by the owner alone. */
export function writeKey(file: string, key: Uint8Array): void {
  const draft = `${file}.new`
  rmSync(draft, { force: true })
  writeFileSync(draft, key, { flag: 'wx', mode: 0o600, flush: true })
  renameSync(draft, file)
}

export function makeKey(file: string): Uint8Array {
  const key = randomBytes(keyBytes)
  writeKey(file, key)
  return key
}

/** `null`: there is no such file; `damaged`: it holds no key. */
export function keyIn(file: string): Uint8Array | null | 'damaged' {
  if (!existsSync(file)) return null
  const key = readFileSync(file)
  return key.length === keyBytes ? key : 'damaged'
}

/** A secret of the installation's own, made at the first start. Without its file it is another one, and whoever is signed in signs in again. */
export function keptSecret(file: string): string {
  const kept = keyIn(file)
  const secret = kept === null || kept === 'damaged' ? makeKey(file) : kept
  return Buffer.from(secret).toString('hex')
}
