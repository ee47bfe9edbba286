export { type PostOptions, type PostTelemetry } from './context.ts'
export { openPost } from './open-post.ts'
export { type DeliveryView, type EndpointView, readDeliveries, readEndpoint, readTold, type ToldView } from './reading.ts'
