export { type Original, originalBytesMax, originalHeaders, originalOf } from './original.ts'
export { type ProblemCode, problemCodes } from './problems.ts'
export {
  type FoldRefusalCode,
  foldRefusalCodeNames,
  foldRefusalCodes,
  isUnreadable,
  type RefusalCode,
  refusalCodes,
} from './refusals.ts'
