import type { Timer } from '@deskpulse/stream'

/** A clock that stands still until it is told to go on. */
export function manualTimer(): Timer & { readonly ring: () => void } {
  let due: (() => void)[] = []
  return {
    after(_ms, act) {
      due.push(act)
      return () => void (due = due.filter((one) => one !== act))
    },
    ring: () => due.splice(0).forEach((act) => act()),
  }
}
