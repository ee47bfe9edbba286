export {
  type ClosedMessage,
  closedMessageSchema,
  type ClosedPlace,
  encodeClosedMessage,
} from './message.ts'
