export * from './records.ts'
export { alertIdOf, decodeAlertRecord, encodeAlertRecord } from './record-codec.ts'
export { webhookBody, type WebhookBody, webhookBodySchema } from './webhook.ts'
export { type AlertSummary, summaryKeyOf, summaryOf } from './summary.ts'
