import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Connection } from './connection.ts'
import { isReplyError } from './errors.ts'

export type Script = { readonly lua: string; readonly sha: string }

/** A script of the folder `scripts`; its header says what KEYS and ARGV hold and what it returns. */
export function script(name: string): Script {
  const lua = readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8')
  return { lua, sha: createHash('sha1').update(lua).digest('hex') }
}

export type Argument = string | number | Uint8Array

/** Runs a script; strings come back as buffers. It is sent in full only when Redis does not know it: the first time, or after a restart. */
export async function run(
  connection: Connection,
  { sha, lua }: Script,
  keys: readonly string[],
  args: readonly Argument[],
): Promise<unknown> {
  const rest = [keys.length, ...keys, ...args.map(sendable)]
  try {
    return await connection.callBuffer('EVALSHA', [sha, ...rest])
  } catch (error) {
    if (!isReplyError(error) || !error.message.startsWith('NOSCRIPT')) throw error
    return connection.callBuffer('EVAL', [lua, ...rest])
  }
}

const sendable = (argument: Argument): string | number | Buffer =>
  argument instanceof Uint8Array
    ? Buffer.from(argument.buffer, argument.byteOffset, argument.byteLength)
    : argument
