import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { forms, type FormName } from './forms.ts'
import { usualStartMs } from './options.ts'
import { killsIn, reportText } from './report.ts'
import { runChaos } from './run.ts'

const seed = Number(process.env['DESKPULSE_TEST_CHAOS_SEED'] ?? randomInt(1_000_000))

test.each<{ rule: string; form: FormName; kills: number; events: number }>([
  { rule: 'services, Kafka and Redis', form: 'one', kills: 20, events: 1_000 },
  { rule: 'the embedded product', form: 'embedded', kills: 6, events: 1_000 },
])(
  '$rule are killed $kills times, frozen and cut off: the log keeps everything, and every value is as without it',
  async ({ form, kills, events }) => {
    const { start, targets, links, usualKinds } = forms[form]
    const startMs = usualStartMs(Date.now())
    console.log(`chaos of form ${form}: DESKPULSE_TEST_CHAOS_SEED=${seed}`)
    const periods = ['hour', 'day', 'week', 'month'] as const
    const report = await runChaos({
      seed,
      startMs,
      kills,
      events,
      start,
      targets,
      links,
      kinds: usualKinds,
      periods,
      progress: () => {},
    }).catch((error: unknown) => {
      throw new Error(`seed ${seed}: ${String(error)}`, { cause: error })
    })
    expect(report.wrong, reportText(report)).toEqual([])
    expect(killsIn(report)).toBeGreaterThanOrEqual(kills)
    expect(report.events).toBeGreaterThanOrEqual(events)
    expect(report.valuesCompared).toBeGreaterThan(50_000)
    console.log(reportText(report))
  },
)
