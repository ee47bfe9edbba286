import { setTimeout as pause } from 'node:timers/promises'
import type { Fault, ServiceName } from '../plan/faults.ts'
import { inTurn } from './in-turn.ts'
import type { Kept } from './kept.ts'
import type { KafkaServer, RedisServer } from './servers.ts'

export type Struck = {
  readonly kafka: KafkaServer
  readonly redis: RedisServer
  readonly services: Readonly<Record<ServiceName, readonly Kept[]>>
  setClock(shiftMs: number): Promise<void>
}

/** Faults of Kafka, Redis and the services of one installation. */
export function striker({
  kafka,
  redis,
  services,
  setClock,
}: Struck): (fault: Fault) => Promise<void> {
  const turn = inTurn()
  const linkOf = { kafka: kafka.links, redis: redis.links }

  return async (fault) => {
    switch (fault.kind) {
      case 'kill':
      case 'freeze': {
        if (fault.target === 'kafka') return turn('kafka', () => kafka.kill(fault.of, fault.forMs))
        if (fault.target === 'redis') return turn('redis', () => redis.kill(fault.of, fault.forMs))
        const all = services[fault.target]
        const victim = all[fault.of % all.length]!
        return turn(victim.name, () => victim[fault.kind](fault.forMs))
      }
      case 'older-snapshot':
        return turn('redis', () => redis.bringBack(fault.writes, fault.forMs))
      case 'empty':
        return turn('redis', () => redis.empty())
      case 'pause-writes':
        return turn('redis', () => redis.pauseWrites(fault.forMs))
      case 'cut':
        linkOf[fault.link].cutAnswers({ every: fault.every })
        await pause(fault.forMs)
        return linkOf[fault.link].cutAnswers(null)
      case 'black-hole':
        return turn(`hole ${fault.link}`, async () => {
          linkOf[fault.link].holdAll(true)
          await pause(fault.forMs)
          linkOf[fault.link].holdAll(false)
          linkOf[fault.link].sever()
        })
      case 'slow':
        linkOf[fault.link].delayEach(fault.delayMs)
        await pause(fault.forMs)
        return linkOf[fault.link].delayEach(0)
      case 'clock':
        return turn('clock', async () => {
          await setClock(fault.byMs)
          await pause(fault.forMs)
          await setClock(0)
        })
      case 'disk-full':
        throw new Error('the disk of Kafka is not ours to fill')
    }
  }
}
