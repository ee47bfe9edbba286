import type { EpochMs } from '@deskpulse/core/time'
import type { Timer } from '@deskpulse/stream'

/** Acts whenever something is due, one act at a time. */
export type DueLoop = {
  begin(): void
  /** What is due may have changed. Returns at once; before `begin` and after `end`: nothing. */
  wake(): void
  /** Begins nothing more; resolves when what is under way has ended. */
  end(): Promise<void>
}

export type DueLoopOptions = {
  readonly nowMs: () => EpochMs
  readonly timer: Timer
  /** When to act next; `Infinity`: not before it is woken. */
  readonly nextMs: () => number
  readonly act: () => Promise<void>
  /** An act threw: the loop has ended. */
  readonly failed: (error: unknown) => void
}

export function openDueLoop({ nowMs, timer, nextMs, act, failed }: DueLoopOptions): DueLoop {
  let isOn = false
  let isActing = false
  let acted: Promise<void> = Promise.resolve()
  let callOff = (): void => {}

  function wake(): void {
    callOff()
    if (!isOn || isActing) return
    isActing = true
    acted = actWhileDue()
  }

  async function actWhileDue(): Promise<void> {
    try {
      while (isOn) {
        const waitMs = nextMs() - nowMs()
        if (waitMs > 0) {
          if (waitMs < Infinity) callOff = timer.after(waitMs, wake)
          return
        }
        await act()
      }
    } catch (error) {
      isOn = false
      failed(error)
    } finally {
      isActing = false
    }
  }

  return {
    begin() {
      isOn = true
      wake()
    },
    wake,
    end() {
      isOn = false
      callOff()
      return acted
    },
  }
}
