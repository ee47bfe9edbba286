import { habits } from './catalogue.ts'
import type { Contact, Floor } from './floor.ts'
import type { Process } from './processes.ts'

/** The customer is asked for a rating, mostly; some give one, and few of them say too whether they would recommend us. */
export function* askForRating(floor: Floor, { id: contactId, customerId }: Contact): Process {
  const { random } = floor
  if (!random.chance(habits.invitedShare)) return
  const about = { contactId, customerId }
  yield random.between(1_000, 3_000)
  floor.emit('survey.sent', { ...about, kind: 'csat' })
  if (!random.chance(habits.ratedShare)) return
  yield random.between(...habits.rateAfterMs)
  const score = Number(random.weighted(habits.ratings))
  floor.emit('survey.answered', { ...about, kind: 'csat', score, scaleMin: 1, scaleMax: 5 })
  if (!random.chance(habits.recommendShare)) return
  const points = Math.min(10, 2 * score + Math.round(random.between(-2, 1)))
  floor.emit('survey.answered', { ...about, kind: 'nps', score: points, scaleMin: 0, scaleMax: 10 })
}
