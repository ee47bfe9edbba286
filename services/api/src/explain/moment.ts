import { evaluate, type KpiValue } from '@deskpulse/core/kpis'
import {
  hashOf,
  heldOpen,
  nothingOpen,
  type OpenAnswer,
  type OpenQuestion,
} from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import type { HashQuery, Snapshot } from '@deskpulse/stream'
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
  const answerTo = openAnswers(explained, hashes, logTimeMs)
  const asked = new Map(openQuestionsOf(explained).map((question) => [question.kind, question]))
  const open = plan.open.map(answerTo)
  return {
    value: evaluate(plan, { values, open, asOfMs: logTimeMs }).get(kpi.id)!,
    openOf(kind) {
      const question = asked.get(kind)
      return question === undefined ? nothingOpen : answerTo(question)
    },
  }
}

function openAnswers(explained: Explained, hashes: Snapshot['hashes'], logTimeMs: EpochMs) {
  const held = new Map(
    momentNeeds(explained).hashes.map(({ key }, place) => {
      const one = heldOpen(key)
      for (const [field, bytes] of hashes[place]?.fields ?? []) one.put(field, bytes)
      return [key, one]
    }),
  )
  return (question: OpenQuestion): OpenAnswer =>
    held.get(hashOf(question))!.answer(question, logTimeMs)
}
