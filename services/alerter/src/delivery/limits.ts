import { dayMs, hourMs, minuteMs, secondMs } from '@deskpulse/core/time'

/** Limits of what is kept of deliveries, and of how long they are tried. Tests may set smaller ones. */
export type DeliveryLimits = typeof deliveryLimits

export const deliveryLimits = {
  /** Of one endpoint: alerts that wait for a message. Beyond it the least needed ones are given up, and listed. */
  waitingMax: 10_000 as number,
  /** Of one endpoint: messages that were begun and not ended. */
  openMax: 500 as number,
  /** Of one endpoint: ended messages that are listed. */
  listedMax: 1_000 as number,
  /** Of those: renewals. */
  renewalsListedMax: 100 as number,
  /** Of one endpoint whose channel wants it: alerts that are renewed. */
  renewedMax: 10_000 as number,
  /** Alerts that were found late wait so long, from the first on, for others to be summarised with. */
  summaryGatherMs: 3 * secondMs,
  /** Of one summary. */
  summarisedMax: 1_000 as number,
  /** How often it is found out whether alerts can be told. */
  pingLookMs: 10 * secondMs,
  /** Outcomes are written together with those that come so soon after. */
  gatherMs: 10 as number,
  /** How long `stop` lets answers come before it breaks requests off, and how long it then waits for the last record. */
  stopGraceMs: secondMs as number,
  stopRecordMs: 3 * secondMs,
} as const

/** Bounds that are part of what is stored. */
export const storedLimits = {
  attemptsListed: 20,
  notifiedListed: 20,
  commandsRemembered: 100,
  detailMax: 300,
  /** The end of an alert is renewed for so long after the endpoint took it in: the receiver may have lost it since. */
  endRenewedForMs: 5 * minuteMs,
  /** A notice that comes again so long after is taken for a new one. */
  notifiedForMs: 35 * dayMs,
} as const

export const retryLimits = {
  firstMs: secondMs,
  maxMs: 5 * minuteMs,
  /** A receiver may ask for a longer pause, up to this. */
  askedMaxMs: hourMs,
} as const

/** An endpoint is disabled when both are reached without a success. */
export const disableAfter = { failingMs: hourMs, attempts: 10 } as const
