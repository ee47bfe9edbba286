// The load of a soak, a process of its own: it makes the events as it sends them, and tells from time to time which it has sent.
import { nowMs } from '../measuring/clock.ts'
import { simulated } from '../data/events.ts'
import { dueAtMs } from '../pipeline/lanes.ts'
import { sendWhenDue, type Supply } from '../pipeline/send.ts'
import { openTarget, type OpenTarget, type Target } from '../pipeline/target.ts'

export type SoakLoad = {
  readonly to: Target
  readonly tenants: readonly string[]
  /** Of each tenant. */
  readonly agents: number
  readonly perSecond: number
  readonly events: number
}
export type SoakOrder = { readonly kind: 'go'; readonly load: SoakLoad } | { readonly kind: 'tell' }

/** What happened since it was told last. */
export type Told = {
  readonly isOver: boolean
  /** NDJSON that the target has for good. */
  readonly bytes: number
  /** By tenant: when the openings of contacts that were sent were due. */
  readonly dueAtMs: Readonly<Record<string, readonly number[]>>
}

let isOver = false
let bytes = 0
const due = new Map<string, number[]>()

/** Events that happen when they are due, for as long as it takes. */
function supplyOf(
  tenant: string,
  seed: number,
  { agents, events: count, perSecond }: SoakLoad,
  startMs: number,
): Supply {
  const events = simulated({ tenant, seed, agents })[Symbol.iterator]()
  const openings: number[] = []
  due.set(tenant, openings)
  return {
    tenant,
    count,
    lines(from, to) {
      let lines = ''
      for (let place = from; place < to; place++) {
        const event = events.next().value
        const atMs = dueAtMs(startMs, place, perSecond)
        if (event.type === 'deskpulse.contact.opened.v1') openings.push(atMs)
        lines += `${JSON.stringify({ ...event, time: new Date(atMs).toISOString() })}\n`
      }
      return lines
    },
  }
}

async function go(load: SoakLoad): Promise<void> {
  const target = await openTarget(load.to)
  const counted: OpenTarget = {
    ...target,
    async send(tenant, lines, count) {
      await target.send(tenant, lines, count)
      bytes += lines.length
    },
  }
  const startMs = nowMs()
  const supplies = load.tenants.map((tenant, place) => supplyOf(tenant, place + 1, load, startMs))
  await Promise.all(
    supplies.map((supply) => sendWhenDue([counted], supply, load.perSecond, startMs)),
  )
  await target.close()
  isOver = true
}

function tell(): Told {
  const told = {
    isOver,
    bytes,
    dueAtMs: Object.fromEntries([...due].map(([tenant, openings]) => [tenant, openings.splice(0)])),
  }
  bytes = 0
  return told
}

process.on('message', (order: SoakOrder) => {
  if (order.kind === 'go') void go(order.load)
  process.send?.(tell())
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
