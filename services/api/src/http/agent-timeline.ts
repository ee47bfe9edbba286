import type { FastifyReply } from 'fastify'
import { isStale } from '../questions/answer.ts'
import { type AgentTimelineRequest, readAgentTimeline } from '../questions/agent-timeline.ts'
import type { ReadModel } from '../read-model.ts'
import type { Made } from '../reading/results.ts'
import { granted, type Outcome } from '../reading/tenant.ts'
import { turns } from '../reading/turns.ts'
import { answerMade, clockIn, type Exchange } from './answers.ts'
import { jsonOf } from './representation.ts'

/** States of agents are read past what is held of a partition: commits do not tell of them. */
export async function answerAgentTimeline(
  exchange: Exchange,
  tenant: string,
  model: ReadModel,
  request: AgentTimelineRequest,
): Promise<FastifyReply> {
  const source = {
    ...{ tenant, configured: model.configured(tenant), enter: exchange.enter },
    read: (wanted: Parameters<ReadModel['readNow']>[1]) => model.readNow(tenant, wanted),
  }
  return answerMade(exchange, async (): Promise<Outcome<Made>> => {
    const page = await readAgentTimeline(source, request)
    if (!page.ok) return page
    const { answer, clock, snapshot } = page.value
    const position = { watermarkMs: snapshot.watermarkMs, logTimeMs: snapshot.logTimeMs }
    const stale = isStale(position, exchange.nowMs())
    const shown = await jsonOf(answer, { stale, clock: clockIn(clock) }, turns())
    return granted({ cursor: snapshot.cursor, result: { ...shown, position, stale } })
  })
}
