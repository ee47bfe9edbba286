import type { AgentState } from '@deskpulse/core/events'
import { shiftMaxMs } from '@deskpulse/core/subjects'
import { dayMs, hourMs, minuteMs } from '@deskpulse/core/time'
import { type Stretch, stretches } from '../cells.ts'
import { type Cell, type Column, dateOf, type ImportKind } from '../column.ts'
import { agent, end, ownId, start } from './common.ts'

/** Columns of what is not work in a shift, or not with customers, and the state that is planned then. */
const states = {
  breaks: 'break',
  meals: 'meal',
  meetings: 'meeting',
  trainings: 'training',
} as const satisfies Readonly<Record<string, AgentState>>

const activity = (
  en: keyof typeof states,
  zh: string,
  ...examples: Column['examples']
): Column => ({ name: { en, zh }, read: stretches, examples })

const hoursMax = shiftMaxMs / hourMs
const tooLong = {
  en: `a time at most ${hoursMax} hours after the start`,
  zh: `开始后最多 ${hoursMax} 小时的时间`,
}
const outside = { en: 'times within the shift', zh: '班次之内的时段' }

/** Shifts, productive but for their activities. */
export const shifts: ImportKind = {
  name: 'shifts',
  title: { en: 'Shifts', zh: '班次' },
  description: {
    en: 'When agents are to work, with their breaks, meals, meetings and trainings.',
    zh: '坐席的上班时间，以及其中的休息、用餐、会议和培训。',
  },
  type: 'agent.scheduled',
  idAttribute: 'shiftId',
  columns: {
    id: ownId('', ''),
    agent: agent('lin.na', 'wang.wei'),
    start: start('2026-03-02T09:00:00+08:00', '2026-03-02T22:00:00+08:00'),
    end: end('2026-03-02T18:00:00+08:00', '2026-03-03T06:00:00+08:00'),
    breaks: activity('breaks', '休息', '10:30-10:45 15:30-15:45', '04:00-04:30'),
    meals: activity('meals', '用餐', '12:00-13:00', '00:30-01:00'),
    meetings: activity('meetings', '会议', '09:00-09:15', ''),
    trainings: activity('trainings', '培训', '', ''),
  },
  about: ['agent', 'start'],
  aboutOf: ({ value, local }) => local?.slice(0, 10) ?? value, // A shift that begins at another hour of its date is the same one.
  happened: (cells) => ({ endOf: dateOf(cells['start']!) }),
  completed: (data, cells) => {
    const [startMs, endMs] = [instantOf(cells['start']!), instantOf(cells['end']!)]
    if (endMs - startMs > shiftMaxMs) return { key: 'end', expected: tooLong }
    const activities = []
    for (const [key, state] of Object.entries(states)) {
      for (const stretch of (cells[key]?.value ?? []) as readonly Stretch[]) {
        const [fromMs, toMs] = within(cells['start']!, stretch)
        if (toMs > endMs) return { key, expected: outside }
        activities.push({ state, start: timeOf(fromMs), end: timeOf(toMs) })
      }
    }
    return activities.length === 0 ? data : { ...data, activities }
  },
}

const instantOf = ({ value }: Cell): number => Date.parse(value as string)
const timeOf = (atMs: number): string => new Date(atMs).toISOString()

/** The first such stretch after the shift has begun, by the clock that shows its start. */
function within(begin: Cell, { fromMinute, toMinute }: Stretch): readonly [number, number] {
  const startMs = instantOf(begin)
  const midnightMs = startMs - (Date.parse(`${begin.local}Z`) - Date.parse(dateOf(begin)))
  const sameDayMs = midnightMs + fromMinute * minuteMs
  const fromMs = sameDayMs < startMs ? sameDayMs + dayMs : sameDayMs
  const minutes = toMinute - fromMinute
  return [fromMs, fromMs + minutes * minuteMs + (minutes <= 0 ? dayMs : 0)]
}
