import { refusedTotal, type SendResult } from '../send/sender.ts'

export type Run = {
  readonly from: string
  readonly to: string
  readonly result: SendResult
  readonly tellsRefusals: boolean
  readonly elapsedMs: number
}

/** The last words of a run: what was taken, what was not and why, and how fast. */
export function summaryOf({ from, to, result, tellsRefusals, elapsedMs }: Run): string {
  const refused = refusedTotal(result)
  const seconds = elapsedMs / 1000
  const rate = seconds > 0 ? Math.round((result.accepted + refused) / seconds) : 0
  const codes = [...result.refusedByCode]
    .toSorted(([, one], [, other]) => other - one)
    .map(([code, count]) => `${code} ${count}`)
  const lines = [
    `${from} -> ${to}`,
    `${tellsRefusals ? 'accepted' : 'sent    '}  ${result.accepted}`,
    tellsRefusals
      ? `refused   ${refused}${refused > 0 ? ` (${codes.join(', ')})` : ''}`
      : 'refused   see the dead-letter topic',
    `seconds   ${seconds.toFixed(2)}`,
    `events/s  ${rate}`,
  ]
  const examples = result.refusals.map(
    ({ code, id, detail }) =>
      `  ${code}${id === null ? '' : ` ${JSON.stringify(id)}`}${detail === '' ? '' : `: ${detail}`}`,
  )
  if (examples.length > 0) lines.push(`first refusals:`, ...examples)
  return lines.join('\n') + '\n'
}
