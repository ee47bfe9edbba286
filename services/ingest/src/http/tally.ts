import {
  type AcceptedResponse,
  isUnreadable,
  type Problem,
  problemOf,
  type RefusalCode,
  refusalsListedMax,
  type Refused,
} from '@deskpulse/contract'
import type { Taken } from '../intake/intake.ts'

/** Counts what became of the events of one request. Lists the first refusals, counts all. */
export type Tally = {
  add(taken: Taken): void
  readonly seen: number
  readonly accepted: number
  /** 422: nothing was accepted. */
  answer(): { readonly status: 202 | 422; readonly body: AcceptedResponse }
  /** `null` when something was read as an event. */
  unreadable(): Problem | null
}

export function tally(): Tally {
  const refusals: Refused[] = []
  const unreadableCodes = new Set<RefusalCode>()
  let accepted = 0
  let refused = 0
  let unread = 0

  function count(taken: Extract<Taken, { readonly ok: false }>): void {
    const { code, id, path, expected, got, nearest } = taken.refusal
    if (refusals.length < refusalsListedMax) {
      const named = {
        ...(id === undefined ? {} : { id }),
        code,
        path,
        expected,
        got,
        ...(nearest === undefined ? {} : { nearest }),
      }
      refusals.push({ index: accepted + refused, ...named })
    }
    refused += 1
    if (!isUnreadable(code)) return
    unread += 1
    unreadableCodes.add(code)
  }

  /** The code that all share; mixed ones are `not-an-event`. */
  function commonCode(): 'not-json' | 'not-an-event' | 'too-large' | 'too-deep' {
    const [code, ...others] = unreadableCodes
    const isOne =
      others.length === 0 && (code === 'not-json' || code === 'too-large' || code === 'too-deep')
    return isOne ? code : 'not-an-event'
  }

  return {
    add(taken) {
      if (taken.ok) accepted += 1
      else count(taken)
    },
    get seen() {
      return accepted + refused
    },
    get accepted() {
      return accepted
    },
    answer: () => ({ status: accepted > 0 ? 202 : 422, body: { accepted, refused, refusals } }),
    unreadable() {
      if (accepted > 0 || unread < refused || refused === 0) return null
      const errors = refusals
        .slice(0, 100)
        .map(({ path, expected, got }) => ({ path, expected, got }))
      return problemOf(
        commonCode(),
        `none of ${refused} inputs could be read as an event; each is a dead letter`,
        errors,
      )
    },
  }
}
