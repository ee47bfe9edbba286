import { originalOf, type Refusal, resending } from '@deskpulse/contract'
import type { LogRecord } from '@deskpulse/stream'
import type { Intake, Taken } from '../intake/intake.ts'
import { firstByte, splitArray } from '../intake/split-array.ts'

const openBracket = 0x5b

function unknownConnector(name: string): Refusal {
  const got = /^[a-z0-9-]{1,40}$/.test(name) ? name : `text of ${name.length} characters`
  return { code: 'unknown-connector', path: '', expected: 'a known connector', got }
}

/** One record of `deskpulse.raw`: an event, an array of events, or a vendor payload that its headers name. */
export function takeRecord(
  intake: Intake,
  record: LogRecord,
): readonly { readonly taken: Taken; readonly bytes: number }[] {
  const value = record.value ?? new Uint8Array(0)
  const connector = record.headers['connector']
  if (connector !== undefined) {
    const taken = intake.refuse(
      originalOf(value),
      unknownConnector(connector),
      record.headers['tenant'],
    )
    return [{ taken, bytes: value.length }]
  }
  const { [resending.tenant]: tenant, [resending.customers]: customers } = record.headers
  const options = {
    ...(tenant === undefined ? {} : { tenant }),
    customersArePseudonyms: customers === resending.arePseudonyms,
  }
  const elements = firstByte(value) === openBracket ? splitArray(value) : null
  return (elements ?? [value]).map((bytes) => ({
    taken: intake.take(bytes, options),
    bytes: bytes.length,
  }))
}
