import { expect, test } from 'vitest'
import { newKafkaId } from './new-id.ts'

test('an id that a tool would take for an option is not used: another one is drawn', () => {
  const drawn = [Buffer.alloc(16, 0xf8), Buffer.alloc(16, 0xfb), Buffer.alloc(16, 1)]
  expect(newKafkaId(() => drawn.shift()!)).toBe('AQEBAQEBAQEBAQEBAQEBAQ')
  expect(drawn).toEqual([])
})
