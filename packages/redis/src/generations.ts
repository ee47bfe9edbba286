import type { PartitionId } from '@deskpulse/stream'
import { connectionTo, open, writersOf, type Connection } from './connection.ts'
import { answered } from './errors.ts'
import { layoutField, openLayout, tableOf } from './layout.ts'
import type { RedisStateStoreOptions } from './options.ts'
import { run, script } from './script.ts'
import { checkSettings } from './settings.ts'

/** The generations of one store: what a rebuild makes, switches and removes. */
export type Generations = {
  /** The one that readers and workers use. */
  current(): Promise<string>
  /** Those that a rebuild has left behind: half made, no longer used, or not wholly removed. */
  unused(): Promise<readonly string[]>
  /** A number that no generation ever had. */
  next(): Promise<string>
  /** Makes `to` current in one step. `false`: `from` was not current any more, or `to` is gone; nothing was changed. */
  switch(from: string, to: string): Promise<boolean>
  /**
   * Removes all of a generation. Its workers are fenced first; whoever opens it afterwards by its name finds none. One that was begun and not ended is
   * `unused` still. `false`: it is the current one, and stays.
   */
  remove(generation: string): Promise<boolean>
  close(): Promise<void>
}

const switchScript = script('switch')
const removeScript = script('remove')
/** The field of a generation whose keys are being removed. */
const removingField = (generation: string): string => `removing:${generation}`
const scannedAtOnce = 1_000

/** @throws DeskpulseError as `redisStateStore`. The options name no generation. */
export async function redisGenerations(
  options: Omit<RedisStateStoreOptions, 'generation' | 'rebuilding'>,
): Promise<Generations> {
  const connection = connectionTo(options)
  const table = tableOf(options)
  const ask = <Answer>(doing: string, answer: Promise<Answer>): Promise<Answer> =>
    answered(doing, answer)

  const current = async (): Promise<string> => (await openLayout(connection, options)).generation

  async function unused(): Promise<string[]> {
    const used = await current()
    const fields = await ask('asking for generations', connection.hkeys(table))
    const named = [layoutField(''), removingField('')].flatMap((prefix) =>
      fields.filter((field) => field.startsWith(prefix)).map((field) => field.slice(prefix.length)),
    )
    return [...new Set(named)].filter((generation) => generation !== used)
  }

  async function remove(generation: string): Promise<boolean> {
    const { keysOf } = await openLayout(connection, { ...options, generation, rebuilding: true })
    if (
      (await ask('removing a generation', run(connection, removeScript, [table], [generation]))) !==
      1
    )
      return false
    const metas = Array.from(
      { length: options.partitions },
      (_, partition) => keysOf(partition as PartitionId).meta,
    )
    await ask('removing a generation', Promise.all(metas.map((meta) => connection.unlink(meta))))
    const { namespace = 'dp' } = options
    await ask('removing a generation', removeKeys(connection, `${namespace}:${generation}:{`))
    await ask('removing a generation', connection.hdel(table, removingField(generation)))
    return true
  }

  try {
    await open(connection, options)
    await checkSettings(connection)
  } catch (error) {
    connection.disconnect()
    throw error
  }
  return {
    current,
    unused,
    remove,
    async next() {
      await ask(
        'reserving a generation',
        connection.hsetnx(table, 'newest', numberOf(await current())),
      )
      return String(await ask('reserving a generation', connection.hincrby(table, 'newest', 1)))
    },
    async switch(from, to) {
      return (
        (await ask(
          'switching the generation',
          run(connection, switchScript, [table], [from, to]),
        )) === 1
      )
    },
    async close() {
      connection.disconnect()
    },
  }
}

const numberOf = (generation: string): number => Number.parseInt(generation, 10) || 1

/** In portions, freed in the background of Redis. Of a cluster each key by itself: those of one command must be in one slot. */
async function removeKeys(connection: Connection, prefix: string): Promise<void> {
  for (const node of writersOf(connection)) {
    let cursor = '0'
    do {
      const [next, keys] = await node.scan(
        cursor,
        'MATCH',
        `${escaped(prefix)}*`,
        'COUNT',
        scannedAtOnce,
      )
      cursor = next
      await Promise.all(keys.map((key) => connection.unlink(key)))
    } while (cursor !== '0')
  }
}

/** As a pattern of SCAN that matches the text alone. */
const escaped = (text: string): string => text.replace(/[*?[\]\\^]/g, '\\$&')
