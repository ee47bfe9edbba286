import { type ImportError, importErrorsListedMax } from '@deskpulse/contract'
import {
  type Fault,
  type HeaderFault,
  type ImportLanguage,
  type Text,
  textIn,
} from '@deskpulse/imports'

const gotMax = 60

/** Lists the first errors of a file in a language, counts all. */
export type ErrorList = {
  add(faults: readonly Fault[]): void
  readonly count: number
  readonly listed: readonly ImportError[]
}

export function errorList(language: ImportLanguage): ErrorList {
  const listed: ImportError[] = []
  let count = 0
  return {
    add(faults) {
      count += faults.length
      for (const { line, column, expected, got } of faults.slice(
        0,
        importErrorsListedMax - listed.length,
      ))
        listed.push({ line, column, expected: textIn(expected, language), got: shortened(got) })
    },
    get count() {
      return count
    },
    listed,
  }
}

const shortened = (got: string | null): string | null =>
  got !== null && got.length > gotMax ? `${got.slice(0, gotMax)}…` : got

/** A header whose columns are not those of its kind, as errors of its line. */
export const headerErrors = (line: number, faults: readonly HeaderFault[]): readonly Fault[] =>
  faults.map((fault) => ({
    line,
    column: fault.column,
    expected: expectedOf(fault),
    got: null,
  }))

function expectedOf(fault: HeaderFault): Text {
  switch (fault.is) {
    case 'unknown':
      return fault.nearest === null
        ? { en: 'a column of the template', zh: '模板中的列' }
        : { en: `a known column: did you mean ${fault.nearest}?`, zh: `应为“${fault.nearest}”？` }
    case 'twice':
      return { en: 'this column once', zh: '此列只出现一次' }
    case 'missing':
      return { en: 'this column', zh: '必须有此列' }
  }
}
