export { type ProblemCode, problemCodes } from './problems.ts'
export { type FoldRefusalCode, foldRefusalCodes, isUnreadable, type RefusalCode, refusalCodes } from './refusals.ts'
