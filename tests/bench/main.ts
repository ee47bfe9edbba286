// `npm run bench`: measures the parts and the whole side by side and prints markdown. docs/performance.md says what each row means.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openerOf } from './cases/catalogue.ts'
import { meanBytes, wireEvents } from './data/events.ts'
import { runRounds } from './cases/rounds.ts'
import { runGrowth } from './growth/run-growth.ts'
import { runAlerts } from './alerts/run-alerts.ts'
import { optionsOf, usage, type BenchOptions } from './options.ts'
import { isEqual, runPeers } from './peers/run-peers.ts'
import { runPipeline } from './pipeline/run-pipeline.ts'
import { printProfile } from './profile.ts'
import { alertsReport } from './report/alerts.ts'
import { growthPlots, growthReport } from './report/growth.ts'
import { loadNow, machineLine, version } from './report/machine.ts'
import { countText, numberText } from './report/format.ts'
import { peersReport } from './report/peers.ts'
import { pipelineReport } from './report/pipeline.ts'
import { singleReport } from './report/single.ts'
import { minuteLine, soakReport } from './report/soak.ts'
import { takeoverReport } from './report/takeover.ts'
import { runSoak } from './soak/run-soak.ts'
import { runTakeovers } from './takeover/run-takeover.ts'

const progress = (text: string): void => console.error(text)

async function bench(options: BenchOptions): Promise<void> {
  const { parts, cases, curves, runs, events, perSecond, seconds, minutes, waiting, peersEvents } =
    options
  const loadBefore = loadNow()
  const startedAt = new Date()
  const reports: string[] = []
  const live = { perSecond, seconds }
  if (cases.length > 0) {
    reports.push(
      singleReport(
        await runRounds({
          names: cases,
          events,
          runs,
          onRound: (round) => progress(`parts: round ${round} of ${runs}`),
        }),
      ),
    )
  }
  if (parts.includes('pipeline')) {
    reports.push(
      pipelineReport(
        await runPipeline({
          runs,
          events,
          live,
          onRound: (round) => progress(`pipeline: round ${round} of ${runs}`),
        }),
      ),
    )
  }
  if (parts.includes('alerts')) {
    progress('alerts')
    reports.push(
      alertsReport(await runAlerts({ contacts: waiting, rules: 100, runs: Math.min(runs, 3) })),
    )
  }
  if (parts.includes('takeover'))
    reports.push(takeoverReport(await runTakeovers({ runs: Math.min(runs, 3), onRound: progress })))
  if (parts.includes('peers')) {
    const result = await runPeers({
      runs: Math.min(runs, 3),
      events: peersEvents,
      live,
      onRound: progress,
    })
    reports.push(peersReport(result))
    if (!isEqual(result)) process.exitCode = 1
  }
  if (curves.length > 0) {
    const result = await runGrowth({ curves, events, runs, onRound: progress })
    reports.push(growthReport(result))
    const about = [
      machineLine(loadBefore, startedAt),
      `Deskpulse ${version} · ${countText(runs)} runs of ${countText(events)} events a point`,
    ]
    if (options.plots !== null) await savePlots(options.plots, growthPlots(result, about))
  }
  if (parts.includes('soak')) {
    reports.push(
      soakReport(
        await runSoak({ perSecond, minutes, onMinute: (minute) => progress(minuteLine(minute)) }),
      ),
    )
  }
  const bytes = meanBytes(wireEvents(events).map((event) => JSON.stringify(event)))
  const input = `${countText(runs)} runs of ${countText(events)} events of ${numberText(bytes)} bytes on average; live ${countText(perSecond)} events/s for ${countText(seconds)} s. Median (min–max).`
  const ownRuns =
    parts.every((part) => part === 'peers' || part === 'soak') && cases.length + curves.length === 0 // They tell of their runs themselves.
  console.log(
    [machineLine(loadBefore, startedAt), ...(ownRuns ? [] : [input]), ...reports].join('\n\n'),
  )
}

async function savePlots(folder: string, plots: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [name, svg] of plots) await writeFile(join(folder, name), svg)
}

try {
  const options = optionsOf(process.argv.slice(2))
  const { profile, events } = options
  const opener = profile === null ? null : openerOf(profile)
  await (profile === null || opener === null
    ? bench(options)
    : printProfile(profile, opener, events))
} catch (error) {
  console.error(error instanceof Error && 'code' in error ? `${error.message}\n\n${usage}` : error)
  process.exitCode = 1
}
