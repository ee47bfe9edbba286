import {
  type AlertRule,
  type AlertStatistic,
  alertStatistics,
  type AlertText,
  checkWindowedRule,
  parseRuleSlice,
  shippedRules,
  statisticsOf,
  statisticUnit,
  type WindowedRule,
} from '@deskpulse/core/alerts'
import { dimensions } from '@deskpulse/core/config'
import type { Catalogue, Kpi } from '@deskpulse/core/kpis'
import { parseSlice, type Slice } from '@deskpulse/core/measures'
import { amountIn } from '../amount.ts'
import { oneOf } from '../fault.ts'
import type { RuleCommon, RuleContext } from './complete-rule.ts'
import { fault, missing, type RuleFault, topicName } from './rule-faults.ts'
import type { RuleInput } from './schema.ts'

/**
 * Completes a windowed rule from what is said, over the rule that it changes.
 * @param faults all that is wrong with the rule is added
 * @returns `null`: what is wrong leaves no rule
 */
export function completeWindowed(
  input: RuleInput,
  existing: AlertRule | undefined,
  common: RuleCommon,
  { catalogue, keeps }: RuleContext,
  faults: RuleFault[],
): WindowedRule | null {
  const was = existing?.kind === 'windowed' ? existing : undefined
  const measured = measuredBy(input, was, catalogue, faults)
  const slice = windowSlice(input.slice ?? was?.slice ?? 'all', keeps, faults)
  if (measured === null || slice === null) return null
  const bounds = boundsOf(input, was, measured, faults)
  if (bounds === null) return null
  const wordless = {
    ...common,
    ...bounds,
    kind: 'windowed',
    kpi: measured.kpi.id,
    statistic: measured.statistic,
    slice,
    minimumSample: input.minimumSample ?? was?.minimumSample ?? 0,
    forMs: input.for ?? was?.forMs ?? 0,
    keepFiringForMs: input.keepFiringFor ?? was?.keepFiringForMs ?? 0,
    noData: input.noData ?? was?.noData ?? 'ok',
  } as const
  const rule: WindowedRule = { ...wordless, text: wordsOf(input, was, wordless) }
  const wrong = checkWindowedRule(rule, catalogue)
  if (wrong !== null) faults.push(fault(wrong.member, wrong.expected, wrong.got))
  return rule
}

type Measured = { readonly kpi: Kpi; readonly statistic: AlertStatistic }

const isStatistic = (text: string): text is AlertStatistic =>
  (alertStatistics as readonly string[]).includes(text)

type Named = {
  readonly member: 'kpi' | 'statistic'
  readonly kpi: string
  readonly statistic: string
}

/** The KPI that the rule names. `statistic` alone may hold both: `response_time.p90`, or a KPI, whose value is meant. */
function namedBy({ kpi, statistic }: RuleInput, was: WindowedRule | undefined): Named | null {
  const [before = '', ...rest] =
    statistic === undefined || isStatistic(statistic) ? [] : statistic.split('.')
  if (before !== '' && (kpi === undefined || kpi === before))
    return { member: 'statistic', kpi: before, statistic: rest.join('.') || 'value' }
  const id = kpi ?? was?.kpi
  if (id === undefined) return null
  const inForce = id === was?.kpi ? was.statistic : 'value'
  return { member: 'kpi', kpi: id, statistic: statistic ?? inForce }
}

/** The KPI and the statistic that a windowed rule looks at. */
function measuredBy(
  input: RuleInput,
  was: WindowedRule | undefined,
  catalogue: Catalogue,
  faults: RuleFault[],
): Measured | null {
  const named = namedBy(input, was)
  const wrong = (found: RuleFault): null => {
    faults.push(found)
    return null
  }
  if (named === null) return wrong(missing('kpi', topicName.window))
  const { member, kpi: id, statistic } = named
  const kpi = catalogue.byId(id)
  if (kpi === undefined) {
    const ids = catalogue.kpis.map((one) => one.id)
    return wrong(fault(member, oneOf('a KPI', id, ids), id, 'unknown-kpi'))
  }
  const offered = statisticsOf(kpi)
  if (isStatistic(statistic) && offered.includes(statistic)) return { kpi, statistic }
  const expected =
    offered.length === 0
      ? `another KPI: ${id} is no number`
      : oneOf(`a statistic of ${id}`, statistic, offered)
  return wrong(fault('statistic', expected, statistic, 'unknown-kpi'))
}

const notKept = 'a slice of dimensions that are kept apart (slices of the tenant)'

/** Canonical text of a slice that a windowed rule evaluates. `keeps`: whether slices of these dimensions are kept. */
function windowSlice(
  text: string,
  keeps: (slice: Slice) => boolean,
  faults: RuleFault[],
): string | null {
  const asked = askedSlice(text)
  if (asked !== null && keeps(asked.slice)) return asked.text
  faults.push(fault('slice', asked === null ? expectedOf(text) : notKept, text))
  return null
}

/** The slice that a windowed rule asks for, with its canonical text. Every slice of a dimension has the value `*`. */
export function askedSlice(said: string): { readonly slice: Slice; readonly text: string } | null {
  const parsed = parseRuleSlice(said)
  if (parsed?.kind !== 'every') return parsed
  const { dimension } = parsed
  return { slice: [{ dimension, value: '*' }], text: `${dimension}=*` }
}

function expectedOf(text: string): string {
  if (text.endsWith('=*')) return `one of ${dimensions.join(', ')} before =*`
  const parsed = parseSlice(text)
  return parsed.ok ? '' : `${parsed.expected}, or <dimension>=* for every slice of one`
}

type Bounds = Pick<WindowedRule, 'comparison' | 'threshold' | 'recovery' | 'window'>

/** Where nothing is said of the recovery, it is the threshold. That of the changed rule stays only if its threshold does. */
function boundsOf(
  input: RuleInput,
  was: WindowedRule | undefined,
  { kpi, statistic }: Measured,
  faults: RuleFault[],
): Bounds | null {
  const unit = statisticUnit(kpi, statistic)
  const isSame =
    was !== undefined && kpi.id === was.kpi && unit === statisticUnit(kpi, was.statistic)
  const wrong: RuleFault[] = []
  const amountOf = (member: 'threshold' | 'recovery'): number | undefined => {
    const said = input[member]
    if (said === undefined) return undefined
    const made = amountIn(unit, said)
    if (made.ok) return made.value
    wrong.push(fault(member, made.fault, String(said)))
    return undefined
  }
  const [given, recovered] = [amountOf('threshold'), amountOf('recovery')]
  const threshold = given ?? (isSame ? was.threshold : undefined)
  const comparison = input.comparison ?? was?.comparison
  const window = input.window ?? was?.window
  for (const [member, value] of Object.entries({ window, comparison, threshold })) {
    const isWrong = wrong.some(({ path }) => path[0] === member)
    if (value === undefined && !isWrong) wrong.push(missing(member, topicName.window))
  }
  faults.push(...wrong)
  const isWhole = window !== undefined && comparison !== undefined && threshold !== undefined
  if (wrong.length > 0 || !isWhole) return null
  const keeps = isSame && given === undefined && comparison === was.comparison
  const recovery = recovered ?? (keeps ? was.recovery : threshold)
  return { window, comparison, threshold, recovery }
}

function wordsOf(
  input: RuleInput,
  was: WindowedRule | undefined,
  rule: Omit<WindowedRule, 'text'>,
): AlertText {
  const said = ['kpi', 'statistic', 'window', 'comparison', 'forMs'] as const
  const isOther =
    was === undefined ||
    (isShippedText(rule.name, was.text) && said.some((member) => was[member] !== rule[member]))
  return { ...(isOther ? windowText(rule) : was.text), ...input.text }
}

function windowText({ statistic }: Pick<WindowedRule, 'statistic'>): AlertText {
  const of = statistic === 'value' ? '' : ` (${statistic})`
  return {
    en: `{kpi}${of} is {value} (limit {limit}) in {slice}, since {since}.`,
    zh: `{slice} 的{kpi}${of}为 {value}（阈值 {limit}），自 {since} 起。`,
  }
}

/** Shipped words name the shipped window and numbers: they would lie of others. */
function isShippedText(name: string, text: AlertText): boolean {
  const shipped = shippedRules.find((rule) => rule.name === name)?.text
  return shipped !== undefined && shipped.en === text.en && shipped.zh === text.zh
}

/** Members of a windowed rule, as people write them. */
export function windowView(rule: WindowedRule): Partial<RuleInput> {
  const { kpi, statistic, slice, window, comparison, threshold, recovery, minimumSample } = rule
  const { forMs, keepFiringForMs, noData } = rule
  return {
    ...{ kpi, statistic, slice, window, comparison, threshold, recovery, minimumSample },
    ...{ for: forMs, keepFiringFor: keepFiringForMs, noData },
  }
}
