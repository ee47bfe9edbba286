/** The KPI of a threshold that a tenant may have: `answered_within_<n>s_of_due`. */
const thresholdKpi = /\banswered_within_([1-9]\d{0,4})s_of_due\b/u

/** Of the first KPI of a threshold that the text names; `null`: it names none. */
export function secondsOfThresholdKpi(text: string): number | null {
  const seconds = thresholdKpi.exec(text)?.[1]
  return seconds === undefined ? null : Number(seconds)
}
