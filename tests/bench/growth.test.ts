import { defaultTenantConfig } from '@deskpulse/core/config'
import { describe, expect, test } from 'vitest'
import type { Sample } from './cases/case.ts'
import { measure } from './cases/measure.ts'
import { eventsOf } from './growth/centers.ts'
import {
  curveNames,
  curveOf,
  keeping,
  pointName,
  pointOf,
  type CurveName,
} from './growth/curves.ts'
import { runGrowth, type GrowthResult } from './growth/run-growth.ts'
import { growthPlots, growthReport } from './report/growth.ts'

const few = 150
const small: Readonly<Record<CurveName, readonly number[]>> = {
  partitions: [1, 12],
  agents: [10, 30],
  tenants: [1, 20],
  slices: [1, 15],
  'open-contacts': [50, 500],
}

describe('each point of a curve takes in its events, and goes on with the next run', () => {
  test.each(curveNames.flatMap((curve) => small[curve].map((at) => pointName(curve, at))))(
    '%s',
    async (name) => {
      const point = await pointOf(name)!(few)
      for (let run = 0; run < 2; run += 1) {
        const { events, allocatedBytes } = await measure(point)
        expect(events).toBe(few)
        expect(allocatedBytes).toBeGreaterThan(0)
      }
    },
  )
})

test('a point is a curve and a number', () => {
  expect(pointOf('agents-2000')).not.toBeNull()
  expect(pointOf('agents')).toBeNull()
  expect(pointOf('moons-3')).toBeNull()
})

test('contact centers are merged in time', () => {
  const next = eventsOf({ tenants: 3, agents: 30 })
  const events = Array.from({ length: 2_000 }, next)
  expect(events.map(({ timeMs }) => timeMs)).toEqual(
    events.map(({ timeMs }) => timeMs).toSorted((a, b) => a - b),
  )
  expect(new Set(events.map(({ tenant }) => tenant)).size).toBe(3)
})

test('slices are kept from one kind on; six are what is kept by default', () => {
  const kinds = (count: number): number =>
    keeping(count).slices.dimensions.length + keeping(count).slices.pairs.length
  expect(curveOf('slices').at.map(kinds)).toEqual([1, 6, 15])
  const { dimensions, pairs } = keeping(6).slices
  expect({ dimensions, pairs }).toEqual({
    dimensions: defaultTenantConfig.slices.dimensions,
    pairs: defaultTenantConfig.slices.pairs,
  })
})

test('a fact that falls in more slices is more to write', async () => {
  const of = async (kinds: number): Promise<Sample> =>
    measure(await curveOf('slices').open(kinds)(few))
  const one = await of(1)
  const many = await of(15)
  expect(many.allocatedBytes).toBeGreaterThan(1.2 * one.allocatedBytes)
})

test('every point is measured in every round', async () => {
  const result = await runGrowth({
    curves: ['agents'],
    events: few,
    runs: 2,
    at: (curve) => small[curve],
  })
  expect(result.get('agents')!.map(({ at, samples }) => [at, samples.length])).toEqual([
    [10, 2],
    [30, 2],
  ])
})

describe('what is reported of a curve', () => {
  const sample = (cpuMs: number): Sample => ({
    events: 1_000,
    wallMs: 1,
    cpuMs,
    peakBytes: 3e8,
    allocatedBytes: 8e6,
  })
  const result: GrowthResult = new Map([
    [
      'partitions',
      [
        { at: 1, samples: [sample(40), sample(400), sample(50)] },
        { at: 12, samples: [sample(60), sample(600), sample(50)] },
      ],
    ],
  ])

  test('a ratio is that of one round', () => {
    const row = growthReport(result)
      .split('\n')
      .find((line) => line.startsWith('| 12 '))
    expect(row?.split('|').map((cell) => cell.trim())).toEqual([
      '',
      '12',
      '60.0 (50.0–600)',
      '1.50 (1.00–1.50)',
      '8.00',
      '300',
      '',
    ])
  })

  test('its picture stands alone: well-formed, with every point, its axes, its goal and what the run was', () => {
    const svg = growthPlots(result, ['0.1.0, <busy> & late']).get('growth-partitions.svg')!
    expect(openTags(svg)).toEqual([])
    for (const told of ['1: 50.0 (40.0–400)', '12: 60.0 (50.0–600)', '12: 8.00 (8.00–8.00)'])
      expect(svg).toContain(`<title>${told}</title>`)
    for (const told of [
      'Partitions at one rate',
      'µs an event',
      'KB an event',
      'partitions in one process (log scale)',
      'the goal',
    ]) {
      expect(svg).toContain(told)
    }
    expect(svg).toContain('0.1.0, &lt;busy&gt; &amp; late')
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  })

  test('one point alone has a place, too', () => {
    const [first] = result.get('partitions')!
    const svg = growthPlots(new Map([['agents', [first!]]]), []).get('growth-agents.svg')!
    expect(svg).toContain('<title>1: 50.0 (40.0–400)</title>')
    expect(svg).not.toContain('NaN')
  })
})

/** Elements that are not closed, or closed out of turn. */
function openTags(xml: string): string[] {
  const open: string[] = []
  for (const [, close, name = '', self] of xml.matchAll(
    /<(\/?)([a-z]+)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>/g,
  )) {
    if (close === '/') {
      if (open.at(-1) !== name) return [...open, `/${name}`]
      open.pop()
    } else if (self !== '/') open.push(name)
  }
  const rest = xml.replaceAll(/<\/?[a-z]+(?:\s+[\w:-]+="[^"<]*")*\s*\/?>/g, '')
  return /[<>]/.test(rest) ? [...open, 'stray < or >'] : open
}
