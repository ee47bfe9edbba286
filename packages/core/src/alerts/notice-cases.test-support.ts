import { describe, expect, test } from 'vitest'
import { at } from './alert.test-support.ts'
import { decideNotice, type NoticeDecision, type NoticeInput, type Told } from './notice.ts'
import { endpoint, firing } from './notice.test-support.ts'

/** An alert that fires, of which nobody was told. */
export const fresh: NoticeInput = {
  alert: firing(),
  told: null,
  again: false,
  rule: { endpoints: null, repeatMs: null },
  endpoints: [endpoint('floor'), endpoint('boss')],
  silences: [],
  inhibited: false,
  nowMs: at(1),
}
export const toldFiring: Told = {
  status: 'firing',
  atMs: at(1),
  repeat: 0,
  endpoints: ['floor', 'boss'],
}

/** `floor,boss #0`, or why nobody is told; then when to look again, in seconds. */
function inShort({ tell, why, nextMs }: NoticeDecision): string {
  const what = tell === null ? why : `${tell.endpoints.join()} #${tell.repeat}`
  return nextMs === null ? what : `${what}, again at ${(nextMs - at(0)) / 1_000}`
}
type Case = { rule: string; given: Partial<NoticeInput>; is: string; isFinal?: boolean }
export const cases = (name: string, rows: readonly Case[]): void => {
  describe(name, () => {
    test.each(rows)('$rule: $is', ({ given, is, isFinal = false }) => {
      const decision = decideNotice({ ...fresh, ...given })
      expect(inShort(decision)).toBe(is)
      expect(decision.isFinal).toBe(isFinal)
    })
  })
}
