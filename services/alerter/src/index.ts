export { type AlerterDeps, startAlerter } from './alerter.ts'
export { alerterRoutes, alertWebhooks } from './http/index.ts'
export { openSender } from './sending/index.ts'
