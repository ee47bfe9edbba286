import { spreadOf } from '../measuring/stats.ts'
import type { Takeover } from '../takeover/run-takeover.ts'
import { spreadText, table } from './format.ts'

export function takeoverReport(takeovers: readonly Takeover[]): string {
  const rows = takeovers.map(({ partitionsEach, signal, oldestMs }) => [
    `${signal}, ${partitionsEach} ${partitionsEach === 1 ? 'partition' : 'partitions'} a member`,
    spreadText(spreadOf(oldestMs.map((ms) => ms / 1_000))),
  ])
  return `### One of two aggregators ends\n\n${table(['values that readers see are so old at most', 's'], rows)}`
}
