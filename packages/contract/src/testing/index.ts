export {
  eventArbitrary,
  eventOfType,
  type EventArbitraryOptions,
  wireEventArbitrary,
} from './events.ts'
export { secretPlaces } from './secret-places.ts'
