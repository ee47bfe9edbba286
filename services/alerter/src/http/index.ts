export { alerterRoutes } from './routes.ts'
