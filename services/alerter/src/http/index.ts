export { alertWebhooks } from './operations.ts'
export { alerterRoutes } from './routes.ts'
