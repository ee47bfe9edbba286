// `npm run chaos`: the product under faults of every kind, and whether each of its values is what it would have been without them.
import { randomInt } from 'node:crypto'
import { forms } from './forms.ts'
import { optionsOf, usage, type ChaosOptions } from './options.ts'
import { reportText } from './report.ts'
import { runChaos } from './run.ts'

/** How to do the same again. */
function commandOf({ form, seed, startMs, kills, events, kinds }: ChaosOptions): string {
  const at = new Date(startMs).toISOString().replace('.000', '')
  return `npm run chaos -- --form ${form} --seed ${seed} --at ${at} --kills ${kills} --events ${events} --faults ${kinds.join(',')}`
}

async function chaos(options: ChaosOptions): Promise<number> {
  console.log(commandOf(options))
  const { start, targets, links } = forms[options.form]
  const beganMs = performance.now()
  const progress = (text: string): void =>
    console.error(`${((performance.now() - beganMs) / 1_000).toFixed(0)} s: ${text}`)
  const report = await runChaos({
    ...options,
    start,
    targets,
    links,
    periods: ['15m', 'hour', 'day', 'week', 'month'],
    progress,
  })
  console.log(reportText(report))
  return report.wrong.length === 0 ? 0 : 1
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1)) // And every process that it started.
try {
  process.exit(await chaos(optionsOf(process.argv.slice(2), Date.now(), randomInt(1_000_000))))
} catch (error) {
  console.error(
    error instanceof Error && error.message.startsWith('--')
      ? `${error.message}\n\n${usage}`
      : error,
  )
  process.exit(1)
}
