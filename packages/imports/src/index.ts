export {
  importLanguages,
  type ImportKind,
  type ImportLanguage,
  type InLanguages,
  type Text,
  textIn,
} from './column.ts'
export type { Imported, ImportOptions } from './events.ts'
export type { HeaderFault } from './header.ts'
export { importKinds } from './kinds/index.ts'
export { type Fault, judgedRows } from './rows.ts'
export { openTable, type Opened } from './table.ts'
export { templateOf } from './template.ts'
