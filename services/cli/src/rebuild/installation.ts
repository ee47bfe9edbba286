import { randomUUID } from 'node:crypto'
import type { Config } from '@deskpulse/contract'
import type { Generations } from '@deskpulse/redis'
import { consumerGroup, DeskpulseError, topicsOf } from '@deskpulse/stream'
import { CommandFailure } from '../command-line/failure.ts'
import type { Context } from '../commands/command.ts'
import { foldLog, type FoldedLog } from './fold.ts'

/**
 * Makes the state of an installation on Kafka and Redis again, as a new generation beside the one in use, while the services run. At the log's end it is
 * made current in one step, which the services follow, and the old one is removed.
 * @throws CommandFailure, DeskpulseError
 */
export async function rebuildInstallation(config: Config, context: Context): Promise<FoldedLog> {
  const { kafkaEventLog } = await import('@deskpulse/kafka')
  const { redisGenerations, redisStateStore } = await import('@deskpulse/redis')
  const { kafka } = config
  const redis = { ...config.redis, partitions: kafka.partitions }
  const { names: topics, specs } = topicsOf(config)
  await using opened = new AsyncDisposableStack()
  const generations = await redisGenerations(redis)
  opened.defer(() => generations.close())
  const log = kafkaEventLog({ ...kafka, clientId: 'deskpulse-rebuild' })
  opened.defer(() => log.close())
  await log.checkTopics(specs.filter(({ name }) => name === topics.log))

  const from = await generations.current()
  await removeUnused(generations, context)
  const to = await generations.next()
  const store = await redisStateStore({ ...redis, generation: to, rebuilding: true })
  opened.defer(() => store.close())
  const before = await redisStateStore({ ...redis, generation: from })
  opened.defer(() => before.close())
  const group = consumerGroup(topics.log, `rebuild-${randomUUID()}`)
  const configured = (tenant: string) => config.tenants[tenant]?.config
  try {
    const folded = await foldLog(
      { log, topics, store, before, group, configured },
      context,
      async (rebuild, interrupted) => {
        await Promise.race([rebuild.overtaken(), interrupted])
        await rebuild.stop() // From here on it takes no partition from those that follow.
        await rebuild.forgetPublished()
        if (!(await generations.switch(from, to)))
          throw new CommandFailure(
            `generation ${from} is not current any more: another rebuild was faster`,
          )
      },
    )
    await generations.remove(from)
    return folded
  } catch (error) {
    await cleanUp(generations, to, context)
    throw error instanceof DeskpulseError && error.code === 'STORE_FULL' ? noRoom(error) : error
  }
}

async function removeUnused(generations: Generations, { terminal }: Context): Promise<void> {
  for (const generation of await generations.unused()) {
    terminal.err(
      `generation ${generation} was left behind by a rebuild that was ended: it is removed\n`,
    )
    await generations.remove(generation)
  }
}

/** What was made so far, unless it is what everybody uses by now. */
async function cleanUp(
  generations: Generations,
  made: string,
  { terminal }: Context,
): Promise<void> {
  try {
    if ((await generations.current()) !== made) await generations.remove(made)
  } catch (error) {
    if (!(error instanceof DeskpulseError)) throw error
    terminal.err(
      `generation ${made} could not be removed; the next rebuild does it: ${error.message}\n`,
    )
  }
}

const noRoom = (cause: DeskpulseError): CommandFailure =>
  new CommandFailure(
    `no room in Redis for a second state beside the one in use, which stays: ${cause.message}`,
    { cause },
  )
