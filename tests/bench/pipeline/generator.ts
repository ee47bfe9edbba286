// The load generator, a process of its own. `prepare` makes the events, `go` sends them and answers when every target has all of them.
import { nowMs } from '../measuring/clock.ts'
import { dueAtMs, historyAtMs, laneOf, linesOf, type Lane } from './lanes.ts'
import { sendWhenDue } from './send.ts'
import { openTarget, type OpenTarget, type Target } from './target.ts'

export type Load = {
  /** All of them get the same events, with the same times. */
  readonly to: readonly Target[]
  readonly tenants: readonly string[]
  readonly eventsPerTenant: number
  /** Of each tenant: events happen when they are due. `null`: all are due at once and happened before, when they were simulated. */
  readonly perSecond: number | null
}

export type Prepared = {
  readonly events: number
  readonly bytes: number
  /** By tenant: the places of the openings among its events. */
  readonly openings: Readonly<Record<string, readonly number[]>>
}
export type Sent = { readonly startMs: number; readonly endMs: number }
export type Order = { readonly kind: 'prepare'; readonly load: Load } | { readonly kind: 'go' }

let prepared: { readonly load: Load; readonly lanes: readonly Lane[] } | null = null

function prepare(load: Load): Prepared {
  const lanes = load.tenants.map((tenant, seed) => laneOf(tenant, seed + 1, load.eventsPerTenant))
  prepared = { load, lanes }
  return {
    events: lanes.reduce((sum, { events }) => sum + events.length, 0),
    bytes: lanes.reduce(
      (sum, lane) => sum + Buffer.byteLength(linesOf(lane, 0, lane.events.length, () => 0)),
      0,
    ),
    openings: Object.fromEntries(lanes.map(({ tenant, openings }) => [tenant, openings])),
  }
}

function send(
  targets: readonly OpenTarget[],
  perSecond: number | null,
  lane: Lane,
  startMs: number,
): Promise<void> {
  const rate = perSecond ?? Infinity
  const atMs = (place: number): number =>
    perSecond === null ? historyAtMs(lane, startMs, place) : dueAtMs(startMs, place, rate)
  const supply = {
    tenant: lane.tenant,
    count: lane.events.length,
    lines: (from: number, to: number) => linesOf(lane, from, to, atMs),
  }
  return sendWhenDue(targets, supply, rate, startMs)
}

async function go(): Promise<Sent> {
  if (prepared === null) throw new Error('nothing is prepared')
  const { load, lanes } = prepared
  const targets = await Promise.all(load.to.map(openTarget))
  const startMs = nowMs()
  await Promise.all(lanes.map((lane) => send(targets, load.perSecond, lane, startMs)))
  const endMs = nowMs()
  await Promise.all(targets.map((target) => target.close()))
  return { startMs, endMs }
}

process.on('message', (order: Order) => {
  if (order.kind === 'prepare') process.send?.(prepare(order.load))
  else void go().then((sent) => process.send?.(sent))
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
