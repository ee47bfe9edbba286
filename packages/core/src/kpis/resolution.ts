import { measures } from '../measures/measure.ts'
import { quotient } from '../measures/merged.ts'
import type { Reading } from './kpi.ts'
import { average, ratio, share } from './shapes.ts'

/**
 * From the customer's request to the first resolution of the contact: sum ÷ count, in ms, counted at that resolution.
 * @returns `null` when nothing was resolved for the first time.
 * @see docs/kpis.md#resolution_time_from_request
 */
export const resolutionTimeFromRequest = average('resolution_time_from_request', {
  name: { en: 'Resolution time', zh: '问题解决时间' },
  description: { en: 'From the request to the first resolution, at that resolution.', zh: '从客户请求到首次解决的时间，按解决时刻统计。' },
  direction: 'lower',
  targets: { any: { max: 24 * 3_600_000 } },
  clocked: true,
  measure: measures.resolutionTimeFromRequest,
  percentiles: [90],
})

/**
 * Share of inbound, customer-opened contacts handled by humans that were solved at first contact: no reopening by the customer and no further
 * contact of the same customer and topic within the FCR window after the first resolution. In [0, 1].
 * `fcrSolved ÷ fcrDue`, both counted at the first resolution; `provisionalUntil` names the instant after which it stands. Beside it
 * `identifiedShare`: where no customer is known, only reopenings can count against it.
 * @returns `null` when no such contact was resolved.
 * @see docs/kpis.md#fcr_gross
 */
export const fcrGross = ratio('fcr_gross', {
  name: { en: 'First contact resolution', zh: '首次解决率' },
  description: {
    en: 'Share of contacts solved at first contact: neither reopened nor repeated within the window after the first resolution.',
    zh: '首次解决的会话占比：首次解决后的窗口期内未重开且客户未就同一主题再次联系。',
  },
  direction: 'higher',
  targets: { any: { min: 0.7 } },
  family: 'contact',
  beside: ['identifiedShare'],
  find: (reading) => {
    const due = reading.count(measures.fcrDue)
    const found = share(reading.count(measures.fcrSolved), due)
    if (found.value === null) return found
    return { ...found, identifiedShare: quotient(reading.count(measures.fcrIdentified), due), ...provisional(reading) }
  },
})

/** The window of the last resolution counted here runs until then; the bucket's end stands for its instant, never too early. */
function provisional(reading: Reading): { readonly provisionalUntil?: string } {
  const lastMs = reading.lastBefore(measures.fcrDue)
  if (lastMs === null) return {}
  const untilMs = lastMs + reading.config.fcrWindowMs
  return untilMs > reading.asOfMs ? { provisionalUntil: new Date(untilMs).toISOString() } : {}
}
