import { type EpochMs, hourMs, jumpStandsMs } from '@deskpulse/core/time'
import type { Entry, LogRecord } from '@deskpulse/stream'
import { recordOfEntries } from '../../packages/engine/src/testing/fold-log.ts'
import type { Random } from '../../services/cli/src/simulate/random.ts'

const kinds = ['right', 'right', 'append', 'wall', 'both'] as const
const offMaxMs = 6 * hourMs
const changeShare = 0.05
const restartShare = 0.01
const oldSenderShare = 0.02

export type WrongClocks = {
  record(offset: number, rightMs: EpochMs, entries: readonly Entry[]): LogRecord
}

/**
 * The clocks of a broker and of an ingest's machine, which are put ahead or back now and then, one of them or both, for a while or for good; machines that
 * restart; and here and there a sender that says nothing of its clocks. While nobody measures the time, by an old sender or after a restart, the clocks are
 * right: where nothing is, an event may seem to be from the future.
 */
export function wrongClocks(random: Random): WrongClocks {
  let [appendMs, wallMs, boots, measuredFromMs] = [0, 0, 0, 0]

  function change(): void {
    const kind = random.pick(kinds)
    // Where all clocks are behind for good, what happens now is from the future, and is refused.
    const offMs = Math.floor(random.between(kind === 'both' ? 0 : -offMaxMs, offMaxMs))
    appendMs = kind === 'append' || kind === 'both' ? offMs : 0
    wallMs = kind === 'wall' || kind === 'both' ? offMs : 0
  }

  return {
    record(offset, rightMs, entries) {
      if (random.chance(changeShare) && rightMs > measuredFromMs) change()
      const isRight = appendMs === 0 && wallMs === 0
      if (random.chance(restartShare) && isRight) {
        boots += 1
        measuredFromMs = rightMs + 2 * jumpStandsMs
      }
      const delayMs = random.chance(0.1) ? 700 : 0
      const sender = {
        name: `boot-${boots}`,
        wallMs: (rightMs + wallMs) as EpochMs,
        monotonicMs: rightMs - delayMs,
      }
      return recordOfEntries(
        offset,
        (rightMs + appendMs - delayMs) as EpochMs,
        entries,
        random.chance(oldSenderShare) && isRight ? undefined : sender,
      )
    },
  }
}
