import { alertSeverities } from '@deskpulse/core/alerts'
import { gravity, type NoticeRef } from './notice-ref.ts'

/** Whether the endpoint ever took in anything about the alert. */
export type Received = 'no' | 'maybe' | 'yes'

/** An alert whose newest state no message holds. `seq`: its place in the order of coming. */
export type Waiting = { readonly ref: NoticeRef; readonly seq: number; readonly received: Received }

type Queue = Map<string, Waiting>
const statuses = ['resolved', 'firing'] as const
const order = (severity: number, status: NoticeRef['status']): number =>
  2 * severity + statuses.indexOf(status)

/** The alerts that wait at one endpoint, one state each. What is added must have a greater `seq` than all before. */
export class WaitingQueue {
  private readonly queues: readonly Queue[] = alertSeverities.flatMap(() => [new Map(), new Map()])
  private readonly queueOf = new Map<string, Queue>()
  /** Alerts that were taken back while they waited, or wait as such. */
  readonly retracted = new Set<string>()

  get size(): number {
    return this.queueOf.size
  }

  get(alertId: string): Waiting | undefined {
    return this.queueOf.get(alertId)?.get(alertId)
  }

  /** Replaces what waits about the same alert. */
  add(waiting: Waiting): void {
    const { alertId, severity, status, retracted } = waiting.ref
    this.remove(alertId)
    const queue = this.queues[order(gravity(severity), status)]!
    queue.set(alertId, waiting)
    this.queueOf.set(alertId, queue)
    if (retracted) this.retracted.add(alertId)
  }

  remove(alertId: string): void {
    this.queueOf.get(alertId)?.delete(alertId)
    this.queueOf.delete(alertId)
    this.retracted.delete(alertId)
  }

  /** In place: its turn stays. */
  setReceived(alertId: string, received: Received): void {
    const waiting = this.get(alertId)
    if (waiting !== undefined) this.queueOf.get(alertId)!.set(alertId, { ...waiting, received })
  }

  /** The gravest first, of those the oldest. Ends with a change of the queue: iterate anew then. */
  *inTurn(): Generator<Waiting> {
    for (let severity = alertSeverities.length - 1; severity >= 0; severity--) {
      yield* merged(
        this.queues[order(severity, 'resolved')]!,
        this.queues[order(severity, 'firing')]!,
      )
    }
  }

  /** What is given up first when there is no room: what is over, then what is least grave, of those the oldest. */
  *expendable(): Generator<Waiting> {
    for (const status of statuses) {
      for (let severity = 0; severity < alertSeverities.length; severity++)
        yield* this.queues[order(severity, status)]!.values()
    }
  }
}

function* merged(one: Queue, other: Queue): Generator<Waiting> {
  const [left, right] = [one.values(), other.values()]
  let [a, b] = [left.next(), right.next()]
  while (a.done !== true || b.done !== true) {
    if (b.done === true || (a.done !== true && a.value.seq < b.value.seq)) {
      yield a.value as Waiting
      a = left.next()
    } else {
      yield b.value
      b = right.next()
    }
  }
}
