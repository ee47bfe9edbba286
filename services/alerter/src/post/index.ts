export type { PostTelemetry } from './context.ts'
export { openPost } from './open-post.ts'
export {
  type DeliveryView,
  type EndpointView,
  readByIds,
  readDeliveries,
  readEndpoint,
  readTold,
  type ToldView,
} from './reading.ts'
