export {
  eventArbitrary,
  eventOfType,
  type EventArbitraryOptions,
  wireEventArbitrary,
} from './events.ts'
