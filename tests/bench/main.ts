// `npm run bench`: measures the parts and the whole side by side and prints markdown. docs/performance.md says what each row means.
import { meanBytes, wireEvents } from './data/events.ts'
import { runRounds } from './cases/rounds.ts'
import { runAlerts } from './alerts/run-alerts.ts'
import { optionsOf, usage, type BenchOptions } from './options.ts'
import { isEqual, runPeers } from './peers/run-peers.ts'
import { runPipeline } from './pipeline/run-pipeline.ts'
import { printProfile } from './profile.ts'
import { alertsReport } from './report/alerts.ts'
import { loadNow, machineLine } from './report/machine.ts'
import { countText, numberText } from './report/format.ts'
import { peersReport } from './report/peers.ts'
import { pipelineReport } from './report/pipeline.ts'
import { singleReport } from './report/single.ts'
import { takeoverReport } from './report/takeover.ts'
import { runTakeovers } from './takeover/run-takeover.ts'

const progress = (text: string): void => console.error(text)

async function bench({ parts, cases, runs, events, perSecond, seconds, waiting, peersEvents }: BenchOptions): Promise<void> {
  const loadBefore = loadNow()
  const startedAt = new Date()
  const reports: string[] = []
  const live = { perSecond, seconds }
  if (cases.length > 0) {
    reports.push(
      singleReport(await runRounds({ names: cases, events, runs, onRound: (round) => progress(`parts: round ${round} of ${runs}`) })),
    )
  }
  if (parts.includes('pipeline')) {
    reports.push(
      pipelineReport(await runPipeline({ runs, events, live, onRound: (round) => progress(`pipeline: round ${round} of ${runs}`) })),
    )
  }
  if (parts.includes('alerts')) {
    progress('alerts')
    reports.push(alertsReport(await runAlerts({ contacts: waiting, rules: 100, runs: Math.min(runs, 3) })))
  }
  if (parts.includes('takeover')) reports.push(takeoverReport(await runTakeovers({ runs: Math.min(runs, 3), onRound: progress })))
  if (parts.includes('peers')) {
    const result = await runPeers({ runs: Math.min(runs, 3), events: peersEvents, live, onRound: progress })
    reports.push(peersReport(result))
    if (!isEqual(result)) process.exitCode = 1
  }
  const bytes = meanBytes(wireEvents(events).map((event) => JSON.stringify(event)))
  const input = `${countText(runs)} runs of ${countText(events)} events of ${numberText(bytes)} bytes on average; live ${countText(perSecond)} events/s for ${countText(seconds)} s. Median (min–max).`
  const ownRuns = parts.every((part) => part === 'peers') && cases.length === 0 // They tell of their runs themselves.
  console.log([machineLine(loadBefore, startedAt), ...(ownRuns ? [] : [input]), ...reports].join('\n\n'))
}

try {
  const options = optionsOf(process.argv.slice(2))
  await (options.profile === null ? bench(options) : printProfile(options.profile, options.events))
} catch (error) {
  console.error(error instanceof Error && 'code' in error ? `${error.message}\n\n${usage}` : error)
  process.exitCode = 1
}
