import { dryRunBody, type DryRunResponse, formatTime, ruleView, tenantPath } from '@deskpulse/contract'
import type { AlertRule } from '@deskpulse/core'
import { dryRun, type DryRunOutcome } from '../dry-run/dry-run.ts'
import { type DryRun, dryRunNotes } from '../dry-run/result.ts'
import type { AlerterHttpDeps } from './deps.ts'
import { type Exchange, sendJson } from './exchange.ts'
import { refuse } from './problems.ts'
import { readTenant } from './tenant.ts'
import { timeRange } from './time-range.ts'
import { completedRule } from './writes/rules.ts'

/** Each reads much and computes for seconds. */
const atOnceMax = 2

export type DryRuns = (exchange: Exchange) => Promise<unknown>

export function dryRuns(deps: AlerterHttpDeps): DryRuns {
  let running = 0
  return async ({ path, body, reply }) => {
    const { tenant: name } = path(tenantPath)
    const { rule: input, from, to } = body(dryRunBody)
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
  pipeline: 'how far behind the values were is not kept',
  endpoint: 'a rule about endpoints does not look at the tenant',
} as const

function answerOf(rule: AlertRule, outcome: DryRunOutcome): DryRunResponse {
  if (outcome.kind === 'not-kept') refuse('not-supported', notKept[outcome.what])
  const { count, notified, alerts, covered, notes } = outcome.result
  return {
    rule: ruleView(rule),
    ...{ from: formatTime(covered.fromMs), to: formatTime(covered.toMs), entries: covered.entries, count, notified },
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
  const times = { since: formatTime(sinceMs), startedAt: formatTime(startedMs), endedAt: endedMs === null ? null : formatTime(endedMs) }
  return { subject, slice, ...times, value, late, retracted: end === 'retracted' }
}
