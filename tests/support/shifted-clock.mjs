// Preloaded (`node --import`): shifts the wall clock of the process by the milliseconds that the file DESKPULSE_TEST_CLOCK_FILE holds. Looked at every 50 ms.
import { readFileSync } from 'node:fs'

const file = process.env.DESKPULSE_TEST_CLOCK_FILE
const TrueDate = Date
let shiftMs = 0

function look() {
  try {
    shiftMs = Number(readFileSync(file, 'utf8')) || 0
  } catch {
    shiftMs = 0 // Not there yet.
  }
}
look()
setInterval(look, 50).unref()

globalThis.Date = class Date extends TrueDate {
  constructor(...parts) {
    if (parts.length === 0) super(TrueDate.now() + shiftMs)
    else super(...parts)
  }

  static now() {
    return TrueDate.now() + shiftMs
  }
}
