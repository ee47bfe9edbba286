import { type DryRunBody, type DryRunResponse, formatTime, ruleView } from '@deskpulse/contract'
import type { AlertRule } from '@deskpulse/core/alerts'
import { refuse } from '@deskpulse/runtime'
import type { FastifyReply } from 'fastify'
import { dryRun, type DryRunOutcome } from '../dry-run/dry-run.ts'
import { type DryRun, dryRunNotes } from '../dry-run/result.ts'
import type { AlerterHttpDeps } from './deps.ts'
import { sendJson } from './json.ts'
import { readTenant } from './tenant.ts'
import { timeRange } from './time-range.ts'
import { completedRule } from './writes/rules.ts'

/** Each reads much and computes for seconds. */
const atOnceMax = 2

type Asked = { readonly params: { readonly tenant: string }; readonly body: DryRunBody }
export type DryRuns = (asked: Asked, reply: FastifyReply) => Promise<FastifyReply>

export function dryRuns(deps: AlerterHttpDeps): DryRuns {
  let running = 0
  return async ({ params: { tenant: name }, body: { rule: input, from, to } }, reply) => {
    const tenant = await readTenant(deps, name)
    const rule = completedRule(input, tenant, deps)
    const range = timeRange({ from, to }, tenant, '/')
    if (running >= atOnceMax) refuse('overloaded', 'other dry runs are under way; try again')
    running += 1
    try {
      const { store, log, topics, partitions } = deps
      const outcome = await dryRun({ store, log, topic: topics.log, partitions }, name, rule, range)
      return await sendJson(reply, answerOf(rule, outcome))
    } finally {
      running -= 1
    }
  }
}

const notKept = {
  moment: 'the rule asks for a number of the moment: what it was before is not kept',
  dimension: 'which values were taken when is not kept',
  pipeline: 'how far behind the values were is not kept',
  endpoint: 'a rule about endpoints does not look at the tenant',
  clock: 'a rule about clocks does not look at the tenant',
  records: 'a rule about lost records does not look at the tenant',
} as const

function answerOf(rule: AlertRule, outcome: DryRunOutcome): DryRunResponse {
  if (outcome.kind === 'not-kept') refuse('not-supported', notKept[outcome.what])
  const { count, notified, alerts, covered, notes } = outcome.result
  return {
    rule: ruleView(rule),
    ...{
      from: formatTime(covered.fromMs),
      to: formatTime(covered.toMs),
      entries: covered.entries,
      count,
      notified,
    },
    alerts: alerts.map(alertOf),
    notes: notes.map((code) => ({ code, text: dryRunNotes[code] })),
  }
}

function alertOf({
  subject,
  slice,
  sinceMs,
  startedMs,
  endedMs,
  end,
  value,
  late,
}: DryRun['alerts'][number]): DryRunResponse['alerts'][number] {
  const times = {
    since: formatTime(sinceMs),
    startedAt: formatTime(startedMs),
    endedAt: endedMs === null ? null : formatTime(endedMs),
  }
  return { subject, slice, ...times, value, late, retracted: end === 'retracted' }
}
