import * as z from 'zod'
import { shaped } from '../entries/shaped.ts'
import { compressed, inflated } from './compressed.ts'

/** The header `format` of a record that tells what was replayed. */
export const replayReceiptFormat = 'replayed/1'

const receiptSchema = z.object({ atMs: z.int(), letters: z.array(z.string()) })

/** Letters that were sent again, by their identities: who finds one of them refused later knows that it came back. */
export type ReplayReceipt = z.infer<typeof receiptSchema>

export function encodeReplayReceipt(receipt: ReplayReceipt): Uint8Array {
  return compressed(Buffer.from(JSON.stringify(receipt), 'utf8'))
}

/** @throws EntryUnreadable */
export function decodeReplayReceipt(value: Uint8Array): ReplayReceipt {
  return shaped(receiptSchema, inflated(value, 'receipt of a replay'), 'receipt of a replay')
}
