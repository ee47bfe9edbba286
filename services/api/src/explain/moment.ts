import { evaluate, type KpiValue, openTogether } from '@deskpulse/core/kpis'
import { hashOf } from '@deskpulse/core/state'
import type { HashQuery, Snapshot } from '@deskpulse/stream'
import { openAnswers } from './open-answers.ts'
import { type OpenOf, openQuestionsOf } from './open-entries.ts'
import type { Explained } from './request.ts'

/** What is read beside the subjects: the records that give the value, and what goes on. */
export type MomentNeeds = {
  readonly keys: readonly string[]
  readonly hashes: readonly HashQuery[]
}

export function momentNeeds(explained: Explained): MomentNeeds {
  const { plan } = explained
  const hashes = new Set([...plan.open, ...openQuestionsOf(explained)].map(hashOf))
  return { keys: plan.keys, hashes: [...hashes].map((key) => ({ key, fields: null })) }
}

/** The value as `live` and `periods` give it, and who goes on. */
export type Moment = { readonly value: KpiValue; readonly openOf: OpenOf }

/** @param values of the keys of `momentNeeds`. */
export function momentOf(
  explained: Explained,
  values: Snapshot['values'],
  { hashes, logTimeMs }: Snapshot,
): Moment {
  const { plan, kpi } = explained
  const answerTo = openAnswers(momentNeeds(explained).hashes, hashes, logTimeMs)
  const asked = Map.groupBy(openQuestionsOf(explained), ({ kind }) => kind)
  const open = plan.open.map(answerTo)
  return {
    value: evaluate(plan, { values, open, asOfMs: logTimeMs }).get(kpi.id)!,
    openOf(kind) {
      return openTogether((asked.get(kind) ?? []).map(answerTo))
    },
  }
}
