import { expect, test } from 'vitest'
import { newContactState, sparseState, wholeState, type ContactState } from './state.ts'

/** Lists and records are kept, however empty. */
const valuesIn = (state: Partial<ContactState>): string[] =>
  Object.entries(state).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? [] : [key],
  )

test('a state is kept as what is not as in a new contact, and made whole from that', () => {
  expect(valuesIn(sparseState(newContactState()))).toEqual([])
  const state = { ...newContactState(), explicit: true, queue: 'sales', owedCount: 2 }
  expect(valuesIn(sparseState(state))).toEqual(['explicit', 'queue', 'owedCount'])
  expect(wholeState(sparseState(state))).toEqual(state)
})
