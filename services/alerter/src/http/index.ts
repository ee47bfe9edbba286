export type { AlerterHttpDeps } from './deps.ts'
export { alerterRoutes } from './routes.ts'
