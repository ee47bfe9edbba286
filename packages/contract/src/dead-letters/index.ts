export { withoutLetters } from './erasing.ts'
export { type DeadLetter, identityOf, type LogPlace } from './letter.ts'
export { namesOneOf } from './naming.ts'
export {
  contentOf,
  type DeadLetterContent,
  type DeadLetterRecord,
  decodeDeadLetters,
  inputsOf,
  letterGroupRecord,
  type NewDeadLetterRecord,
  replayReceiptRecord,
} from './record.ts'
export { type ReplayReceipt, replayReceiptFormat } from './receipt.ts'
export { resending } from './resending.ts'
