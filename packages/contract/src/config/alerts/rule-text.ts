import { type AlertText, checkTemplate, shippedRules, type WindowedRule } from '@deskpulse/core'
import { fault, type RuleFault } from './rule-fault.ts'
import type { RuleInput } from './rule-input.ts'
import type { DeadlineSubject } from './rule-members.ts'

const agentText: AlertText = {
  en: 'Agent {agent} has been in state {state} for {value} (limit {limit}), since {since}.',
  zh: '坐席 {agent} 处于{state}状态已 {value}（时限 {limit}），自 {since} 起。',
}

/** What is said of a deadline when the rule has no words of its own: what the shipped rule of that subject says. */
export function deadlineText(subject: DeadlineSubject): AlertText {
  const shipped = shippedRules.find((rule) => rule.kind === 'deadline' && rule.subject === subject)
  return shipped?.text ?? agentText
}

export function windowText({ statistic }: Pick<WindowedRule, 'statistic'>): AlertText {
  const of = statistic === 'value' ? '' : ` (${statistic})`
  return {
    en: `{kpi}${of} is {value} (limit {limit}) in {slice}, since {since}.`,
    zh: `{slice} 的{kpi}${of}为 {value}（阈值 {limit}），自 {since} 起。`,
  }
}

/** Shipped words name the shipped window and numbers: they would lie of others. */
export function isShippedText(name: string, text: AlertText): boolean {
  const shipped = shippedRules.find((rule) => rule.name === name)?.text
  return shipped !== undefined && shipped.en === text.en && shipped.zh === text.zh
}

export function textFaults({ text = {} }: RuleInput): RuleFault[] {
  return (['en', 'zh'] as const).flatMap((language) => {
    const wrong = checkTemplate(text[language] ?? '')
    return wrong === null
      ? []
      : [
          {
            ...fault(language, `instead of ${wrong.got} ${wrong.expected}`, wrong.got),
            path: ['text', language],
          },
        ]
  })
}
