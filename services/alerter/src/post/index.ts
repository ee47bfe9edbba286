export { type PostOptions, type PostTelemetry } from './context.ts'
export { openPost } from './open-post.ts'
export {
  type AttemptView,
  type DeliveryStatus,
  type DeliveryView,
  type EndpointView,
  readDeliveries,
  readDelivery,
  readEndpoint,
  readTold,
  type ToldView,
} from './reading.ts'
