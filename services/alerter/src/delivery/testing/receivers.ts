import { type EndpointConfig, summaryOf } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import type { Channel, Verdict } from '../../channels/channel.ts'
import type { Sender, Sent } from '../../sending/sender.ts'
import type { VirtualClock } from './virtual-clock.ts'

export type Reply = { readonly afterMs: number; readonly sent: Sent }

export const answered = (
  status: number,
  afterMs = 5,
  headers: Readonly<Record<string, string>> = {},
): Reply => ({
  afterMs,
  sent: { kind: 'answered', answer: { status, headers, body: '' } },
})
export const failed = (
  reason: 'connection-failed' | 'timed-out' | 'answer-broken',
  afterMs = 5,
): Reply => ({
  afterMs,
  sent: { kind: 'failed', reason, detail: `it ${reason}` },
})
export const never: Reply = {
  afterMs: Infinity,
  sent: { kind: 'failed', reason: 'stopped', detail: '' },
}

/** A request as the receiver saw it. `reply`: `null` while it is under way, or when the sender died in it. */
export type Received = {
  readonly endpoint: string
  readonly id: string
  /** `alertId/status/repeat` of its notices, in order. */
  readonly keys: readonly string[]
  readonly alertIds: readonly string[]
  readonly beganMs: EpochMs
  endedMs: EpochMs | null
  reply: Sent | null
}

export function endpointOf(name: string, changes: Partial<EndpointConfig> = {}): EndpointConfig {
  const url = `https://hooks.example/${name}`
  return {
    name,
    kind: 'webhook',
    url,
    secrets: ['whsec_c2VjcmV0'],
    language: 'en',
    tenants: null,
    severityMin: 'info',
    alerts: true,
    closedPeriods: [],
    appeals: false,
    ...changes,
  }
}

/** A channel whose request says what it holds. */
export function channelWith({
  noticesMax = 1,
  parallel = 8,
  gapMs = 0,
  renewMs,
  groups,
  pingMs,
}: Partial<
  Pick<Channel, 'noticesMax' | 'parallel' | 'gapMs' | 'renewMs' | 'groups' | 'pingMs'>
> = {}): Channel {
  return {
    ...{ noticesMax, parallel, gapMs, renewMs, groups, pingMs },
    request: ({ name, url }, { id, notices }) => {
      if (notices.length > noticesMax && summaryOf(notices) === null)
        throw new Error(`${notices.length} notices in one message`)
      const keys = notices.map(({ alertId, status, repeat }) => `${alertId}/${status}/${repeat}`)
      return { url, headers: {}, body: JSON.stringify({ endpoint: name, id, keys }) }
    },
    judge: ({ status, headers, body }): Verdict => {
      if (status >= 200 && status < 300) return { kind: 'accepted' }
      if (status === 410) return { kind: 'gone', detail: 'no more' }
      const wish = headers['retry-after']
      const refused = { kind: 'refused', reason: `status-${status}`, detail: body } as const
      return wish === undefined ? refused : { ...refused, afterMs: Number(wish) * 1_000 }
    },
  }
}

/** All receivers of a world: what they got, and what they say. A process that died sends nothing more and hears nothing. */
export class Receivers {
  readonly got: Received[] = []
  replyOf: (received: Received) => Reply = () => answered(200)
  private readonly clock: VirtualClock

  constructor(clock: VirtualClock) {
    this.clock = clock
  }

  sender(isAlive: () => boolean): Sender {
    return {
      send: async ({ body }, signal) => {
        if (!isAlive()) return new Promise<Sent>(() => {})
        const { endpoint, id, keys } = JSON.parse(body) as {
          endpoint: string
          id: string
          keys: string[]
        }
        const alertIds = keys.map((key) => key.split('/')[0]!)
        const received: Received = {
          endpoint,
          id,
          keys,
          alertIds,
          beganMs: this.clock.nowMs(),
          endedMs: null,
          reply: null,
        }
        this.got.push(received)
        const { afterMs, sent } = this.replyOf(received)
        const broken = new Promise<Sent>((resolve) => {
          const stop = (): void => resolve({ kind: 'failed', reason: 'stopped', detail: 'stopped' })
          if (signal.aborted) stop()
          signal.addEventListener('abort', stop)
        })
        const reply = await (afterMs === Infinity
          ? broken
          : Promise.race([broken, this.clock.sleep(afterMs).then(() => sent)]))
        if (!isAlive()) return new Promise<Sent>(() => {})
        received.endedMs = this.clock.nowMs()
        received.reply = reply
        return reply
      },
      close: () => Promise.resolve(),
    }
  }

  to(endpoint: string): readonly Received[] {
    return this.got.filter((one) => one.endpoint === endpoint)
  }
}
