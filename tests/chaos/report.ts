import type { FaultKind } from './plan/faults.ts'
import type { OwnEnd } from './plant/kept.ts'

/** What a chaos run came to. */
export type Report = {
  readonly seed: number
  /** With the seed, it makes the same events. */
  readonly startMs: number
  readonly events: number
  /** Repeats and retries included. */
  readonly sent: number
  readonly retries: number
  readonly struck: Readonly<Partial<Record<FaultKind, number>>>
  readonly kills: Readonly<Record<string, number>>
  readonly ownEnds: readonly OwnEnd[]
  readonly chaosMs: number
  /** From the last fault and the last event to all of it counted. */
  readonly caughtUpMs: number
  readonly logRecords: number
  readonly logEvents: number
  readonly valuesCompared: number
  /** Everything that is not as it must be, in words. */
  readonly wrong: readonly string[]
}

export const killsIn = ({ kills }: Pick<Report, 'kills'>): number =>
  Object.values(kills).reduce((sum, count) => sum + count, 0)

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`
const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')

const shown = 40

export function reportText(report: Report): string {
  const {
    seed,
    startMs,
    events,
    sent,
    retries,
    struck,
    ownEnds,
    chaosMs,
    caughtUpMs,
    logRecords,
    logEvents,
    valuesCompared,
    wrong,
  } = report
  return [
    `seed ${seed}, events from ${new Date(startMs).toISOString()} on: ${events} different ones, sent ${sent} times, ${retries} requests again`,
    `faults in ${seconds(chaosMs)}: ${listed(struck)}; ended hard: ${killsIn(report)} (${listed(report.kills)})`,
    `ended by themselves, and started again: ${ownEnds.length}`,
    ...ownEnds.map(
      ({ name, ended, said }) =>
        `  ${name} with ${ended.signal ?? ended.code}: ${said.slice(0, 600)}`,
    ),
    `counted ${seconds(caughtUpMs)} after the last of them; the log has ${logRecords} records, ${logEvents} events`,
    `${valuesCompared} values compared`,
    wrong.length === 0 ? 'nothing is wrong' : `WRONG, ${wrong.length} times:`,
    ...wrong.slice(0, shown).map((line) => `  ${line.slice(0, 600)}`),
  ].join('\n')
}
