export type { DeliveryTelemetry } from './context.ts'
export { openDelivery } from './delivery.ts'
export {
  type DeliveryView,
  type EndpointView,
  readByIds,
  readDeliveries,
  readEndpoint,
  readNotified,
  type NotifiedView,
} from './reading.ts'
