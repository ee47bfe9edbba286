import { consumerGroup, DeskpulseError, type EventLog, type Timer } from '@deskpulse/stream'
import type { RawBacklog } from './backlog.ts'

export type AskOptions = {
  readonly log: Pick<EventLog, 'oldestUnconsumed'>
  readonly topic: string
  readonly backlog: RawBacklog
  /** Of this process, as the group gives them now. */
  readonly assigned: () => readonly number[]
  readonly nowMs: () => number
  readonly timer: Timer
}

export const rawGroup = (topic: string): string => consumerGroup(topic, 'ingest')

/** Within the disorder that a watermark allows for: what came since the last answer is younger. */
const askEveryMs = 1_000

/** Asks the log what waits in the raw topic, at once and again for as long as this process does not know its own share. @returns stops it; an answer that is under way is not waited for. */
export function askWhatWaits({
  log,
  topic,
  backlog,
  assigned,
  nowMs,
  timer,
}: AskOptions): () => void {
  let isStopped = false
  let callOff = (): void => {}

  async function ask(): Promise<void> {
    const answer = backlog.asking(nowMs())
    try {
      answer(await log.oldestUnconsumed(topic, rawGroup(topic)))
    } catch (error) {
      // A log that is away says nothing: the age grows meanwhile. One that was closed is not to blame.
      if (!isStopped && !(error instanceof DeskpulseError)) throw error
    }
  }

  async function look(): Promise<void> {
    backlog.share(assigned())
    if (!backlog.isKnown()) await ask()
    if (!isStopped) callOff = timer.after(askEveryMs, () => void look())
  }

  void look()
  return () => {
    isStopped = true
    callOff()
  }
}
