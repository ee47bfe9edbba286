export { type AlerterDeps, startAlerter } from './alerter.ts'
export { alerterRoutes } from './http/index.ts'
export { openSender } from './sending/index.ts'
