import {
  type AlertRule,
  checkWindowedRule,
  parseRuleSlice,
  type WindowedRule,
} from '@deskpulse/core/alerts'
import type { Dimension } from '@deskpulse/core/config'
import { type Catalogue, type Kpi, type LiveWindow, parseWindow } from '@deskpulse/core/kpis'
import { partText, type Slice, type SliceIndex } from '@deskpulse/core/measures'
import { bookLimits } from '../limits.ts'

/** One rule on one slice. `question`: the place of what it looks at. */
export type WindowAsk = {
  readonly rule: WindowedRule
  readonly kpi: Kpi
  readonly slice: string
  readonly question: number
}
/** What is read once for all rules that look at it. */
export type WindowQuestion = {
  readonly slice: Slice
  readonly text: string
  readonly window: LiveWindow
  readonly kpis: readonly Kpi[]
}

export type WindowQuestions = {
  readonly asks: readonly WindowAsk[]
  readonly questions: readonly WindowQuestion[]
  /** Rules whose dimension has more slices than are evaluated. */
  readonly cut: readonly { readonly rule: string; readonly slices: number }[]
}

type Named = { readonly slice: Slice; readonly text: string }

/** What the enabled windowed rules of a tenant look at, each slice and window once. Rules that cannot be evaluated look at nothing. */
export function windowQuestions(
  rules: readonly AlertRule[],
  slices: SliceIndex,
  catalogue: Catalogue,
): WindowQuestions {
  const asks: WindowAsk[] = []
  const cut: { rule: string; slices: number }[] = []
  const places = new Map<string, number>()
  const questions: { slice: Slice; text: string; window: LiveWindow; kpis: Kpi[] }[] = []

  function placeOf({ slice, text }: Named, rule: WindowedRule, kpi: Kpi): number {
    const name = `${rule.window} ${text}`
    const place = places.get(name) ?? questions.length
    places.set(name, place)
    const question = (questions[place] ??= {
      slice,
      text,
      window: parseWindow(rule.window)!,
      kpis: [],
    })
    if (!question.kpis.includes(kpi)) question.kpis.push(kpi)
    return place
  }

  for (const rule of rules) {
    if (!rule.enabled || rule.kind !== 'windowed' || checkWindowedRule(rule, catalogue) !== null)
      continue
    const kpi = catalogue.byId(rule.kpi)!
    const named = namedBy(rule, slices)
    if (named.length > bookLimits.slicesPerRuleMax)
      cut.push({ rule: rule.name, slices: named.length - bookLimits.slicesPerRuleMax })
    for (const one of named.slice(0, bookLimits.slicesPerRuleMax)) {
      asks.push({ rule, kpi, slice: one.text, question: placeOf(one, rule, kpi) })
    }
  }
  return { asks, questions, cut }
}

function namedBy(rule: WindowedRule, slices: SliceIndex): readonly Named[] {
  const parsed = parseRuleSlice(rule.slice)!
  return parsed.kind === 'one' ? [parsed] : slicesOf(parsed.dimension, slices)
}

/** Those that something was counted in, in the order in which they came: the same ones stay. */
function slicesOf(dimension: Dimension, slices: SliceIndex): readonly Named[] {
  const all = [...slices.valuesSeen(dimension)].map((value) => ({
    slice: [{ dimension, value }],
    text: partText(dimension, value),
  }))
  return all.filter(({ text }) => slices.idOf(text) !== undefined)
}
