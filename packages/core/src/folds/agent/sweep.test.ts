import { expect, test } from 'vitest'
import { minuteMs, type EpochMs } from '../../time/time.ts'
import { AgentCredit } from './agent-credit.ts'
import { ContactMarks } from './contact-marks.ts'
import { unknownStanding } from './standing.ts'
import { Sweep } from './sweep.ts'

test('of an agent of whom nothing is known, a whole day holds on to one progress', () => {
  const marks = new ContactMarks()
  const timeouts = { agentHeartbeatTimeoutMs: minuteMs, agentSilenceMs: null, agentShiftMaxMs: 9 }
  const inputs = { credit: new AgentCredit('a-1'), events: [], marks, heartbeatMs: -Infinity }
  const before = { standing: unknownStanding, signOuts: [] }
  const sweep = new Sweep({ ...inputs, timeouts }, 0 as EpochMs, before)
  const first = sweep.progress
  for (let minute = 0; minute < 24 * 60; minute += 1)
    sweep.over((minute * minuteMs) as EpochMs, ((minute + 1) * minuteMs) as EpochMs, [])
  expect(sweep.progress).toBe(first)
})
