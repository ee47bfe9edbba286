import type { Timer } from '@deskpulse/stream'
import type { Random } from '../../services/cli/src/simulate/random.ts'

/** A process of the simulated world. What a dead one waits for never comes; a frozen one waits until it thaws. */
export type Process = { readonly name: string; isDead: boolean; frozenUntilMs: number }

export function newProcess(name: string): Process {
  return { name, isDead: false, frozenUntilMs: 0 }
}

type Task = {
  readonly process: Process
  readonly dueMs: number
  readonly outlives: boolean
  readonly run: () => void
}

/**
 * Virtual time and the order in which things happen, from a seed alone: everything that waits is a task, and each step runs one of those that are
 * ready, any of them.
 */
export type Scheduler = {
  nowMs(): number
  /** Waits for its turn. `outlives`: a message on its way arrives although its sender dies. */
  turn(process: Process, options?: { readonly outlives?: boolean }): Promise<void>
  timerOf(process: Process): Timer
  /** Runs one task, and whatever follows from it without waiting. */
  step(): Promise<void>
  /** Nothing of it happens any more, except what is on its way. */
  kill(process: Process): void
}

export function newScheduler(random: Random): Scheduler {
  let nowMs = 0
  let tasks: Task[] = []

  const add = (task: Task): (() => void) => {
    tasks.push(task)
    return () => {
      tasks = tasks.filter((other) => other !== task)
    }
  }

  const readyAtMs = ({ dueMs, process, outlives }: Task): number =>
    outlives ? dueMs : Math.max(dueMs, process.frozenUntilMs)

  return {
    nowMs: () => nowMs,
    turn: (process, { outlives = false } = {}) =>
      new Promise((resolve) => {
        if (outlives || !process.isDead) add({ process, dueMs: nowMs, outlives, run: resolve })
      }),
    timerOf: (process) => ({
      after: (ms, act) => add({ process, dueMs: nowMs + ms, outlives: false, run: act }),
    }),
    async step() {
      nowMs += Math.floor(random.between(0, 5))
      if (tasks.length > 0 && tasks.every((task) => readyAtMs(task) > nowMs))
        nowMs = Math.min(...tasks.map(readyAtMs))
      const ready = tasks.filter((task) => readyAtMs(task) <= nowMs)
      if (ready.length > 0) {
        const task = random.pick(ready)
        tasks = tasks.filter((other) => other !== task)
        task.run()
      }
      await new Promise(setImmediate) // All promises that the task settled have been followed up by then.
    },
    kill(process) {
      process.isDead = true
      tasks = tasks.filter(
        (task) => task.process !== process || (task.outlives && random.chance(0.5)),
      )
    },
  }
}
