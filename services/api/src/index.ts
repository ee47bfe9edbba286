export { type ApiDeps, apiRoutes } from './api.ts'
