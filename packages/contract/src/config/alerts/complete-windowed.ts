import {
  checkWindowedRule,
  type AlertRule,
  type KpiUnit,
  statisticUnit,
  type WindowedRule,
} from '@deskpulse/core'
import { type Amount, amountIn } from '../amount.ts'
import type { RuleCommon, RuleContext } from './complete-common.ts'
import { fault, faultsOf, type Made, missing, type RuleFault } from './rule-fault.ts'
import type { RuleInput } from './rule-input.ts'
import { topicName } from './rule-members.ts'
import { type Measured, measuredBy } from './rule-measure.ts'
import { windowSlice } from './rule-slice.ts'
import { isShippedText, windowText } from './rule-text.ts'

/** A number in the KPI's unit; `undefined` stays so. */
function amountOf(
  member: 'threshold' | 'recovery',
  given: Amount | undefined,
  unit: KpiUnit,
): Made<number | undefined> {
  if (given === undefined) return { value: given }
  const made = amountIn(unit, given)
  return made.ok ? { value: made.value } : { faults: [fault(member, made.fault, String(given))] }
}

type Bounds = Pick<WindowedRule, 'comparison' | 'threshold' | 'recovery' | 'window'>

/** Where nothing is said of the recovery, it is the threshold; that of the changed rule stays only if its threshold does. */
function boundsOf(
  input: RuleInput,
  was: WindowedRule | undefined,
  { kpi, statistic }: Measured,
): Made<Bounds> {
  const unit = statisticUnit(kpi, statistic)
  const isSame =
    was !== undefined && kpi.id === was.kpi && unit === statisticUnit(kpi, was.statistic)
  const amounts = (['threshold', 'recovery'] as const).map((member) =>
    amountOf(member, input[member], unit),
  )
  const [given, recovered] = amounts.map((made) => ('value' in made ? made.value : undefined))
  const threshold = given ?? (isSame ? was.threshold : undefined)
  const comparison = input.comparison ?? was?.comparison
  const window = input.window ?? was?.window
  const needed = { window, comparison, threshold }
  const faults: RuleFault[] = amounts.flatMap(faultsOf)
  for (const [member, value] of Object.entries(needed)) {
    const isWrong = faults.some(({ path }) => path[0] === member)
    if (value === undefined && !isWrong) faults.push(missing(member, topicName.window))
  }
  if (
    faults.length > 0 ||
    window === undefined ||
    comparison === undefined ||
    threshold === undefined
  )
    return { faults }
  const keeps = isSame && given === undefined && comparison === was.comparison
  return {
    value: {
      window,
      comparison,
      threshold,
      recovery: recovered ?? (keeps ? was.recovery : threshold),
    },
  }
}

function wordsOf(
  input: RuleInput,
  was: WindowedRule | undefined,
  rule: Omit<WindowedRule, 'text'>,
): WindowedRule['text'] {
  const said = ['kpi', 'statistic', 'window', 'comparison', 'forMs'] as const
  const isOther =
    was === undefined ||
    (isShippedText(rule.name, was.text) && said.some((member) => was[member] !== rule[member]))
  return { ...(isOther ? windowText(rule) : was.text), ...input.text }
}

/** A windowed rule out of what is said, over the one that it changes. */
export function completeWindowed(
  input: RuleInput,
  existing: AlertRule | undefined,
  common: RuleCommon,
  { catalogue, keeps }: RuleContext,
): Made<WindowedRule> {
  const was = existing?.kind === 'windowed' ? existing : undefined
  const measured = measuredBy(input, was, catalogue)
  const slice = windowSlice(input.slice ?? was?.slice ?? 'all', keeps)
  if ('faults' in measured || 'faults' in slice)
    return { faults: [...faultsOf(measured), ...faultsOf(slice)] }
  const bounds = boundsOf(input, was, measured.value)
  if ('faults' in bounds) return bounds
  const wordless = {
    ...common,
    ...bounds.value,
    kind: 'windowed',
    kpi: measured.value.kpi.id,
    statistic: measured.value.statistic,
    slice: slice.value,
    minimumSample: input.minimumSample ?? was?.minimumSample ?? 0,
    forMs: input.for ?? was?.forMs ?? 0,
    keepFiringForMs: input.keepFiringFor ?? was?.keepFiringForMs ?? 0,
    noData: input.noData ?? was?.noData ?? 'ok',
  } as const
  const rule: WindowedRule = { ...wordless, text: wordsOf(input, was, wordless) }
  const wrong = checkWindowedRule(rule, catalogue)
  return wrong === null
    ? { value: rule }
    : { faults: [fault(wrong.member, wrong.expected, wrong.got)] }
}
