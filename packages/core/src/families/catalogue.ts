import { defaultTenantConfig } from '../config/tenant-config.ts'
import type { Booking } from '../kpis/booking.ts'
import type { Kpi } from '../kpis/kpi.ts'
import type { Measure } from '../measures/measure.ts'
import { agentKpis, agentTime, agentTimeSql } from './agent-time.ts'
import { assessmentKpis, assessments, assessmentSql } from './assessments.ts'
import { backlogKpis } from './backlog.ts'
import { botKpis, bots, botSql } from './bots.ts'
import { complaintKpis, complaints, complaintSql } from './complaints.ts'
import { contactKpis, contacts, contactSql } from './contacts.ts'
import { conversionKpis, conversions, conversionSql } from './conversions.ts'
import { costKpis, costs, costSql } from './costs.ts'
import { customerKpis, customers, customerSql } from './customers.ts'
import {
  effectiveTime,
  effectiveTimeSql,
  handleTimeEffective,
  staffingKpis,
} from './effective-time.ts'
import { employeeKpis, employees, employeeSql } from './employees.ts'
import { escalationKpis, escalations, escalationSql } from './escalations.ts'
import { firstContactKpis } from './first-contact.ts'
import { followUpKpis, followUps, followUpSql } from './follow-ups.ts'
import { incidentKpis, incidents, incidentSql } from './incidents.ts'
import { handling, handlingKpis, handlingSql } from './handling.ts'
import { firstResponsePartKpis } from './first-response-parts.ts'
import { messageKpis, messages, messageSql } from './messages.ts'
import { offerKpis, offers, offerSql } from './offers.ts'
import { quality, qualityKpis, qualitySql } from './quality.ts'
import { orderKpis, orders, orderSql } from './orders.ts'
import { passThresholdSql, queueKpis, queues, queueSql } from './queues.ts'
import { refundKpis, refunds, refundSql } from './refunds.ts'
import { retention, retentionKpis, retentionSql } from './retention.ts'
import { replies, replyKpis, replySql, thresholdSql } from './replies.ts'
import { resolutionTimeKpis } from './resolution-times.ts'
import { resolutions, resolutionSql } from './resolutions.ts'
import { responseUnitKpis, responseUnits, responseUnitSql } from './response-units.ts'
import { reviewKpis, reviews, reviewSql } from './reviews.ts'
import { saleOfferKpis, saleOffers, saleOfferSql } from './sale-offers.ts'
import { salesIndex } from './sales-index.ts'
import { shiftKpis, shifts, shiftSql } from './shifts.ts'
import { type SqlTerm, termAtEntry, termNamed } from './sql.ts'
import { requiredAgentsKpis } from './staffing.ts'
import { surveyKpis, surveys, surveySql } from './surveys.ts'
import { violationKpis, violations, violationSql } from './violations.ts'
import { waitKpis, waits, waitSql } from './waits.ts'
import { workforce, workforceSql, workloadKpis } from './workforce.ts'

export const families = [
  replies,
  responseUnits,
  waits,
  queues,
  offers,
  contacts,
  handling,
  messages,
  resolutions,
  escalations,
  agentTime,
  effectiveTime,
  surveys,
  complaints,
  reviews,
  followUps,
  incidents,
  saleOffers,
  refunds,
  orders,
  conversions,
  retention,
  customers,
  bots,
  workforce,
  shifts,
  quality,
  violations,
  assessments,
  employees,
  costs,
] as const

/** Every measure but those of configured thresholds, by name. */
export const measures = {
  ...replies.measures,
  ...responseUnits.measures,
  ...waits.measures,
  ...queues.measures,
  ...offers.measures,
  ...contacts.measures,
  ...handling.measures,
  ...messages.measures,
  ...resolutions.measures,
  ...escalations.measures,
  ...agentTime.measures,
  ...effectiveTime.measures,
  ...surveys.measures,
  ...complaints.measures,
  ...reviews.measures,
  ...followUps.measures,
  ...incidents.measures,
  ...saleOffers.measures,
  ...refunds.measures,
  ...orders.measures,
  ...conversions.measures,
  ...retention.measures,
  ...customers.measures,
  ...bots.measures,
  ...workforce.measures,
  ...shifts.measures,
  ...quality.measures,
  ...violations.measures,
  ...assessments.measures,
  ...employees.measures,
  ...costs.measures,
} as const

const sql: Readonly<Record<keyof typeof measures, readonly SqlTerm[]>> = {
  ...replySql,
  ...responseUnitSql,
  ...waitSql,
  ...queueSql,
  ...offerSql,
  ...contactSql,
  ...handlingSql,
  ...messageSql,
  ...resolutionSql,
  ...escalationSql,
  ...agentTimeSql,
  ...effectiveTimeSql,
  ...surveySql,
  ...complaintSql,
  ...reviewSql,
  ...followUpSql,
  ...incidentSql,
  ...saleOfferSql,
  ...refundSql,
  ...orderSql,
  ...conversionSql,
  ...retentionSql,
  ...customerSql,
  ...botSql,
  ...workforceSql,
  ...shiftSql,
  ...qualitySql,
  ...violationSql,
  ...assessmentSql,
  ...employeeSql,
  ...costSql,
}
const sqlByMeasure = new Map<Measure, readonly SqlTerm[]>(
  (Object.keys(measures) as (keyof typeof measures)[]).map((name) => [measures[name], sql[name]]),
)

/** What counts in a measure, in SQL over the tables of rows. @throws RangeError of a measure that no family has. */
export function sqlOf(measure: Measure, by: Booking = 'event'): readonly SqlTerm[] {
  const terms = sqlByMeasure.get(measure) ?? thresholdSql(measure) ?? passThresholdSql(measure)
  if (terms === null) throw new RangeError(`no rows count in ${measure.name}`)
  if (measure.named !== undefined) return terms.map(termNamed)
  return by === 'entry' && measure.atEntry !== undefined ? terms.map(termAtEntry) : terms
}

/** KPIs under one heading, in the order of the documentation. */
export type KpiSection = { readonly title: string; readonly kpis: readonly Kpi[] }

export type Catalogue = {
  readonly sections: readonly KpiSection[]
  /** In the order of the documentation. */
  readonly kpis: readonly Kpi[]
  /** `undefined`: there is no such KPI. */
  byId(id: string): Kpi | undefined
}

function build(thresholdsSeconds: readonly number[]): Catalogue {
  const sections: readonly KpiSection[] = [
    {
      title: 'Response',
      kpis: [...replyKpis(thresholdsSeconds), ...firstResponsePartKpis, ...responseUnitKpis],
    },
    { title: 'Waiting', kpis: waitKpis },
    { title: 'Queues', kpis: [...queueKpis(thresholdsSeconds), ...offerKpis] },
    { title: 'Contacts', kpis: [...contactKpis, ...customerKpis] },
    { title: 'Handling', kpis: [...handlingKpis, handleTimeEffective] },
    { title: 'Messages', kpis: messageKpis },
    { title: 'Resolution', kpis: [...resolutionTimeKpis, ...firstContactKpis] },
    { title: 'Escalations', kpis: escalationKpis },
    { title: 'Backlog', kpis: backlogKpis },
    { title: 'Agents', kpis: [...agentKpis, ...staffingKpis] },
    { title: 'Shifts', kpis: shiftKpis },
    { title: 'Surveys', kpis: surveyKpis },
    {
      title: 'Complaints, reviews and follow-ups',
      kpis: [...complaintKpis, ...reviewKpis, ...followUpKpis],
    },
    { title: 'Quality', kpis: [...qualityKpis, ...violationKpis] },
    { title: 'Assessments', kpis: [...assessmentKpis, ...employeeKpis] },
    { title: 'Incidents', kpis: incidentKpis },
    { title: 'Offered services and refunds', kpis: [...saleOfferKpis, ...refundKpis] },
    { title: 'Sales', kpis: [...orderKpis, salesIndex, ...conversionKpis, ...retentionKpis] },
    { title: 'Costs', kpis: costKpis },
    { title: 'Bots', kpis: botKpis },
    { title: 'Work force', kpis: [...workloadKpis, ...requiredAgentsKpis] },
  ]
  const kpis = sections.flatMap((section) => section.kpis)
  const ids = new Map(kpis.map((kpi) => [kpi.id, kpi]))
  return { sections, kpis, byId: (id) => ids.get(id) }
}

const built = new WeakMap<readonly number[], Catalogue>() // One for each list of thresholds: a memo, not state.

/** Every KPI of a tenant with these thresholds; without them, of the default ones. */
export function catalogueOf(
  config: { readonly thresholdsSeconds: readonly number[] } = defaultTenantConfig,
): Catalogue {
  return built.getOrInsertComputed(config.thresholdsSeconds, build)
}
