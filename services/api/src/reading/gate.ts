import { refuse } from '@deskpulse/runtime'

/** What questions may cost at once, in records that they read; the others wait, and each client has its turn. */
export type Gate = {
  /**
   * Lets a question in that may be worked on at once; else resolves when it may. What is returned is to be called when its work is over.
   * @param isPatient it has begun to be answered, and cannot be refused any more.
   * @throws Refused `busy` when too many wait.
   */
  enter(client: string, cost: number, isPatient?: boolean): Leave | Promise<Leave>
}

/** Safe to call twice. */
export type Leave = () => void

export type GateLimits = {
  /** Of what is under way together; a question that costs more is worked on alone. */
  readonly costMax: number
  readonly waitingMax: number
  /** Of one client. */
  readonly waitingOfOneMax: number
}

type Waiting = { readonly cost: number; readonly start: () => void }

export function fairGate({ costMax, waitingMax, waitingOfOneMax }: GateLimits): Gate {
  /** By client, those first whose turn it is. */
  const queues = new Map<string, Waiting[]>()
  let waiting = 0
  let cost = 0

  const fits = (more: number): boolean => cost === 0 || cost + more <= costMax

  function begin(more: number): Leave {
    cost += more
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      cost -= more
      startNext()
    }
  }

  /** Nobody overtakes the one whose turn it is: a great question would never fit else. */
  function startNext(): void {
    for (const [client, queue] of queues) {
      const [first] = queue
      if (first === undefined || !fits(first.cost)) return
      queues.delete(client)
      queue.shift()
      if (queue.length > 0) queues.set(client, queue)
      waiting -= 1
      first.start()
    }
  }

  return {
    enter(client, more, isPatient = false) {
      if (waiting === 0 && fits(more)) return begin(more)
      const queue = queues.get(client) ?? []
      if (!isPatient && (waiting >= waitingMax || queue.length >= waitingOfOneMax))
        refuse('busy', 'too many expensive questions wait')
      const { promise, resolve } = Promise.withResolvers<Leave>()
      queue.push({ cost: more, start: () => resolve(begin(more)) })
      queues.set(client, queue)
      waiting += 1
      return promise
    },
  }
}

/** What most wallboards ask costs less, and passes by what is expensive. */
export const cheapMax = 10_000

/** The gate of the API: cheap questions in a lane of their own. */
export function readGate(costMax: number): Gate {
  const limits = { costMax, waitingMax: 256, waitingOfOneMax: 64 }
  const [cheap, expensive] = [
    fairGate({ ...limits, waitingMax: 4_096, waitingOfOneMax: 1_024 }),
    fairGate(limits),
  ]
  return {
    enter: (client, cost, isPatient) =>
      (cost <= cheapMax ? cheap : expensive).enter(client, cost, isPatient),
  }
}
