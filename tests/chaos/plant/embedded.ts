import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { startAggregator } from '@deskpulse/aggregator'
import { loadConfig } from '@deskpulse/runtime'
import { embeddedEventLog, embeddedStateStore, topicNames, type EventLog } from '@deskpulse/stream'
import type { Client } from '../../support/client.ts'
import { freePorts } from '../../support/kafka/free-ports.ts'
import { service } from '../../support/services.ts'
import { quietContext, served } from '../compare/served.ts'
import { readWhole } from '../history/log-reader.ts'
import { replayedLog } from '../compare/replayed-log.ts'
import { tenantSettings } from '../input/tenants.ts'
import type { Fault } from '../plan/faults.ts'
import { countedBy } from './counted.ts'
import { inTurn } from './in-turn.ts'
import { kept, type Kept, type OwnEnd } from './kept.ts'
import type { Plant } from './plant.ts'
import { shiftedClock } from './shifted-clock.ts'
import { stopAll } from './stop-all.ts'

/** The embedded product: one process, one folder. Whatever is to be ended or frozen is this process. */
export async function startEmbeddedPlant(): Promise<Plant> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-chaos-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const [port = 0] = await freePorts(1)
  const [file, dataDir, clock] = [
    join(folder, 'deskpulse.yaml'),
    join(folder, 'data'),
    shiftedClock(folder),
  ]
  await writeFile(file, JSON.stringify({ tenants: tenantSettings })) // YAML holds JSON.
  const args = ['--no-simulator', '--port', String(port), '--data-dir', dataDir, '--config', file]
  const ownEnds: OwnEnd[] = []
  const product = kept(
    'the product',
    service({ main: 'services/standalone/src/main.ts', port, args, env: clock.env }),
    (end) => ownEnds.push(end),
  )
  stack.defer(() => product.drop())
  await product.untilReady()

  const config = loadConfig({ file, env: {}, start: 'embedded' })
  let log: EventLog | null = null
  const lastLog = (): EventLog => (log ??= embeddedEventLog({ file: join(dataDir, 'log.sqlite') }))
  stack.defer(async () => log?.close())
  const topics = topicNames()
  const running = stack.move()
  return {
    config,
    topics,
    partitions: 1,
    ingestUrls: [product.service.url],
    ownLog: null,
    kept: [product],
    ownEnds,
    counted: () => countedBy([product]),
    strike: striker(product, clock.shift),
    stopInput: () => stopAll([product]),
    lastLog,
    async readAll(): Promise<readonly Client[]> {
      const store = await embeddedStateStore({ file: join(dataDir, 'store.sqlite') })
      running.defer(() => store.close())
      const context = quietContext(config)
      // It may have been told to stop with a little of its log still to fold.
      const rest = replayedLog(topics.log, [await readWhole(lastLog(), topics.log, 0)], lastLog())
      const aggregator = await startAggregator({ ...context, log: rest.log, store, topics })
      await rest.consumed()
      await aggregator.stop()
      return [await served(running, store, 1, context)]
    },
    stop: () => Promise.resolve([]),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

function striker(
  product: Kept,
  setClock: (shiftMs: number) => Promise<void>,
): (fault: Fault) => Promise<void> {
  const turn = inTurn()
  return async (fault) => {
    switch (fault.kind) {
      case 'kill':
        return turn('product', () => product.kill(fault.forMs))
      case 'freeze':
        return turn('product', () => product.freeze(fault.forMs))
      case 'disk-full':
        return turn('product', () => withoutRoom(product, fault.forMs))
      case 'clock':
        return turn('clock', async () => {
          await setClock(fault.byMs)
          await pause(fault.forMs)
          await setClock(0)
        })
      case 'older-snapshot':
      case 'empty':
      case 'pause-writes':
      case 'cut':
      case 'black-hole':
      case 'slow':
        throw new Error(`the embedded product has nothing for ${fault.kind}`)
    }
  }
}

const run = promisify(execFile)
const roomBytes = 4_096

/** Beyond its first page no file of the process takes anything: what a full disk does, without one. */
async function withoutRoom(product: Kept, forMs: number): Promise<void> {
  const { pid } = product.service.process()
  const limit = (most: string): Promise<unknown> =>
    run('prlimit', ['--pid', String(pid), `--fsize=${most}:`]).catch(() => {}) // It has ended.
  await limit(String(roomBytes))
  await pause(forMs)
  await limit('unlimited')
}
