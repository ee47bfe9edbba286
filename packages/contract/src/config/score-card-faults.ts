import { catalogueOf, type Kpi } from '@deskpulse/core/kpis'
import { keepsSlice, parseSlice } from '@deskpulse/core/measures'
import { amountIn } from './amount.ts'
import { type Fault, oneOf, repeatedAt, under } from './fault.ts'
import { type IsSure, type Readable, sureBelow } from './readable.ts'
import type { ScoreCardInput, ScoreItemInput } from './score-cards.ts'
import type { TargetContext } from './targets.ts'
import { secondsOfThresholdKpi } from './threshold-kpi.ts'

type Card = Readable<ScoreCardInput>
type Item = Readable<ScoreItemInput>

/** Weights are decimals: their sum is one, too. */
const tolerance = 1e-9

/** Score cards by which no agent could be scored, or not as whoever wrote them thinks. */
export function scoreCardFaults(
  cards: readonly (Card | undefined)[],
  context: TargetContext,
): Fault[] {
  const { isSure } = context
  const versions = cards.map((card, at) =>
    card?.id === undefined || !isSure('scoreCards', at, 'from')
      ? null
      : JSON.stringify([card.id, card.from ?? null]),
  )
  return [
    ...repeatedAt(versions).map((at) => ({
      path: [at],
      expected: 'an id and a from that no other card has together',
    })),
    ...cards.flatMap((card, at) =>
      card === undefined
        ? []
        : under([at], cardFaults(card, sureBelow(isSure, 'scoreCards', at), context)),
    ),
  ]
}

function cardFaults(card: Card, isSure: IsSure, context: TargetContext): Fault[] {
  const { kpis = [], bands = [] } = card
  return [
    ...(isSure('kpis') ? weightFaults(kpis as ScoreCardInput['kpis']) : []),
    ...under(
      ['kpis'],
      kpis.flatMap((item, at) =>
        item === undefined ? [] : under([at], itemFaults(item, context)),
      ),
    ),
    ...(card.bands !== undefined && isSure('bands')
      ? under(['bands'], bandFaults(bands as NonNullable<ScoreCardInput['bands']>))
      : []),
  ]
}

function weightFaults(items: ScoreCardInput['kpis']): Fault[] {
  const sum = items.reduce((all, { weight }) => all + weight, 0)
  if (Math.abs(sum - 100) <= tolerance) return []
  return [{ path: ['kpis'], expected: 'weights that come to 100', hint: `they come to ${sum}` }]
}

function itemFaults(item: Item, { config, isSure }: TargetContext): Fault[] {
  const { kpis, byId } = catalogueOf(config)
  const kpi = item.kpi === undefined ? undefined : byId(item.kpi)
  if (kpi === undefined) {
    const isMaybe =
      item.kpi === undefined || (!isSure('thresholds') && secondsOfThresholdKpi(item.kpi) !== null)
    const known = kpis.filter(isScored).map(({ id }) => id)
    return isMaybe
      ? []
      : [{ path: ['kpi'], ...oneOf('a KPI', item.kpi, known), code: 'unknown-kpi' }]
  }
  if (!isScored(kpi))
    return [
      { path: ['kpi'], expected: 'a KPI that agents have in a closed period, each by itself' },
    ]
  return [
    ...statisticFaults(item, kpi),
    ...pointFaults(item, kpi),
    ...(isSure('slices') ? sliceFaults(item, config) : []),
  ]
}

/** It has a value in a period, of an agent, whatever the others do. */
const isScored = ({ span, dimensions, isComparison }: Kpi): boolean =>
  span === 'window' && !isComparison && (dimensions === null || dimensions.includes('agent'))

function statisticFaults({ statistic, few }: Item, { statistics, numbers }: Kpi): Fault[] {
  const isThere = statistic === undefined || statistics.includes(statistic)
  const isShare = numbers.includes('numerator') && numbers.includes('denominator')
  return [
    ...(isThere
      ? []
      : [{ path: ['statistic'], expected: `of this KPI: ${statistics.join(', ')}` }]),
    ...(few === undefined || isShare
      ? []
      : [{ path: ['few'], expected: 'left out: this KPI is no share of a number' }]),
  ]
}

/** Points at amounts in the unit of the KPI, ascending. */
function pointFaults({ points = [] }: Item, { unit }: Kpi): Fault[] {
  const made = points.map((point) => (point === undefined ? null : amountIn(unit, point[0])))
  return made.flatMap((one, at): Fault[] => {
    if (one === null) return []
    if (!one.ok) return [{ path: ['points', at, 0], ...one.fault }]
    const before = made[at - 1]
    return before?.ok && before.value >= one.value
      ? [{ path: ['points', at, 0], expected: `more than the one before, ${before.value}` }]
      : []
  })
}

function sliceFaults({ slice }: Item, config: TargetContext['config']): Fault[] {
  if (slice === undefined) return []
  const parsed = parseSlice(slice)
  if (!parsed.ok) return [{ path: ['slice'], expected: parsed.expected }]
  const [part, ...others] = parsed.slice
  if (part === undefined || others.length > 0 || part.dimension === 'agent')
    return [{ path: ['slice'], expected: 'one dimension beside the agent, such as queue=billing' }]
  const pair = [part, { dimension: 'agent' as const, value: '' }]
  if (keepsSlice(pair, config)) return []
  const expected = `a slice that agents have: [agent, ${part.dimension}] among slices.pairs`
  return [{ path: ['slice'], expected }]
}

function bandFaults(bands: NonNullable<ScoreCardInput['bands']>): Fault[] {
  const repeated = repeatedAt(bands.map(({ id }) => id))
  return [
    ...repeated.map((at) => ({ path: [at, 'id'], expected: 'an id that no other band has' })),
    ...bands.flatMap(({ from }, at) => {
      const before = bands[at - 1]
      return before === undefined || from < before.from
        ? []
        : [{ path: [at, 'from'], expected: `less than the band above, ${before.from}` }]
    }),
    ...(bands.at(-1)!.from === 0
      ? []
      : [{ path: [bands.length - 1, 'from'], expected: '0: every total is in a band' }]),
  ]
}
