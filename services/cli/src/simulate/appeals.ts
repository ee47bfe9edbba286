import type { Agent } from './agents.ts'
import { appealHabits } from './catalogue.ts'
import type { Floor } from './floor.ts'
import type { Process } from './processes.ts'
import type { Random } from './random.ts'
import { type Month, monthAt, ownScoreId } from './scores.ts'

const hourMs = 3_600_000

/** A few agents appeal once a month, and leads decide, mostly. With chances of its own: nothing else goes otherwise for it. */
export function* appealing(floor: Floor, random: Random): Process {
  let month = monthAt(floor.nowMs())
  const asked = new Set<string>()
  for (;;) {
    yield hourMs - (floor.nowMs() % hourMs)
    const now = monthAt(floor.nowMs())
    if (now.start !== month.start) asked.clear()
    month = now
    for (const agent of floor.agents) {
      if (agent.lastContactId === null || asked.has(agent.id)) continue
      asked.add(agent.id)
      if (random.chance(appealHabits.agentsShare)) floor.start(appeal(floor, random, agent, month))
    }
  }
}

/** About its last contact, about what it thinks of itself beside what others do, or about both, of which a lead may grant the one. */
function* appeal(floor: Floor, random: Random, agent: Agent, period: Month): Process {
  const { id: agentId, team, lastContactId } = agent
  const appealId = `appeal-${agentId}-${floor.nowMs().toString(36)}`
  const about = random.weighted(appealHabits.about)
  const items = {
    ...(about !== 'score' && { contactIds: [lastContactId] }),
    ...(about !== 'contact' && {
      scores: [{ kind: 'assessment', id: ownScoreId(agentId, period) }],
    }),
  }
  yield random.between(...appealHabits.filedAfterMs)
  const reason = appealHabits.reasons[about]
  floor.emit('appeal.filed', { appealId, agentId, period, ...items, reason, filedBy: agentId })
  if (!random.chance(appealHabits.decidedShare)) return
  yield random.between(...appealHabits.decidedAfterMs)
  const said = random.weighted(appealHabits.decisions)
  const part = said === 'in part' && about === 'both' ? { contactIds: items.contactIds } : {}
  const decision = said === 'refused' ? 'refused' : 'granted'
  floor.emit('appeal.decided', { appealId, decision, decidedBy: `lead-${team}`, ...part })
}
