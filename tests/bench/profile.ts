import { Session } from 'node:inspector/promises'
import type { Profiler } from 'node:inspector'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { OpenCase } from './cases/case.ts'
import { measure } from './cases/measure.ts'
import { numberText, table } from './report/format.ts'

export type SelfTime = { readonly name: string; readonly share: number }

const topMax = 25
const samplingUs = 500

/** Runs a case once, in this process, and prints where its time went: by the functions' own time, callees not included. */
export async function printProfile(name: string, open: OpenCase, events: number): Promise<void> {
  const benchCase = await open(events)
  await benchCase.prepare?.() // What is not measured is not profiled either.
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: samplingUs })
  await session.post('Profiler.start')
  const { wallMs, cpuMs } = await measure({ run: () => benchCase.run() })
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  await benchCase.close?.()
  const shares = selfTimes(profile).slice(0, topMax)
  console.log(
    `${name}: ${numberText(events)} events, ${numberText(wallMs)} ms, CPU µs an event ${numberText((cpuMs * 1_000) / events)}\n`,
  )
  console.log(
    table(
      ['function', 'self, % of time'],
      shares.map(({ name, share }) => [name, numberText(share * 100)]),
    ),
  )
}

/** Functions by their share of the samples, largest first. Idle time is left out. */
export function selfTimes({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): SelfTime[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]))
  const spentUs = new Map<string, number>()
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? ''
    if (name !== '(idle)') spentUs.set(name, (spentUs.get(name) ?? 0) + (timeDeltas[index] ?? 0))
  }
  const totalUs = [...spentUs.values()].reduce((sum, us) => sum + us, 0)
  return [...spentUs]
    .map(([name, us]) => ({ name, share: us / totalUs }))
    .sort((a, b) => b.share - a.share)
}

function nameOf({ functionName, url, lineNumber }: Profiler.ProfileNode['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName
  if (url === '') return name
  const file = url.startsWith('file:') ? relative(process.cwd(), fileURLToPath(url)) : url
  return `${name} ${file}:${lineNumber + 1}`
}
