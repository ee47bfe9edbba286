// Runs before each test file: one mutant is on, or none, and the file says which ones its tests came by.
import { afterEach, beforeAll, inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** Its number; `null`: none is on. */
    mutant: number | null
  }
  interface TaskMeta {
    reached?: Reached
  }
}

/** Numbers of the mutants that a test file comes by. `loading`: while modules are loaded, which files share: whoever is first. */
export type Reached = { readonly loading: readonly number[]; readonly testing: readonly number[] }

const on = inject('mutant')
const loading = new Set<number>()
const testing = new Set<number>()
let isTesting = false

/** Processes that tests start do not have it: there none is on. */
Object.assign(globalThis, {
  mutant: (number: number): boolean => {
    ;(isTesting ? testing : loading).add(number)
    return number === on
  },
})

beforeAll(() => {
  isTesting = true
})
afterEach(({ task }) => {
  task.file.meta.reached = { loading: [...loading], testing: [...testing] }
})
