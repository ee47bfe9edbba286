import type { Text } from './column.ts'

/** Rules of events that more than one cell may break, in Chinese; the contract says them in English. */
const inChinese: Readonly<Record<string, string>> = {
  'a date not before start': '不早于周期开始的日期',
  'a time after start': '开始之后的时间',
  'a time at most 31 days after start': '开始后最多 31 天的时间',
  'a number above scaleMin': '大于量表最低分的数',
  'a number from scaleMin to scaleMax': '量表最低分至最高分之间的数',
  'at most 5 minutes ahead of the clock': '不超过当前时间 5 分钟',
}

/** What a rule of the contract expects, as an error of a row says it. */
export const ruleText = (expected: string): Text => {
  const zh = inChinese[expected]
  return zh === undefined ? expected : { en: expected, zh }
}
