import { evaluate, type KpiValue } from '@deskpulse/core/kpis'
import {
  backlogKey,
  backlogMembersKey,
  decodeMember,
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
  const { tenant } = plan.question
  const hashes = new Set([...plan.open, ...openQuestionsOf(explained)].map(hashOf))
  if (hashes.has(backlogKey(tenant))) hashes.add(backlogMembersKey(tenant))
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
  const keys = momentNeeds(explained).hashes.map(({ key }) => key)
  const fieldsOf = (key: string) => hashes[keys.indexOf(key)]?.fields ?? new Map<string, null>()
  const members = backlogMembersKey(explained.plan.question.tenant)
  const held = new Map(
    keys
      .filter((key) => key !== members)
      .map((key) => {
        const one = heldOpen(key)
        for (const [field, bytes] of fieldsOf(key)) one.put(field, bytes)
        return [key, one]
      }),
  )
  return (question: OpenQuestion): OpenAnswer => {
    const answer = held.get(hashOf(question))!.answer(question, logTimeMs)
    return question.kind === 'backlog' && question.members > 0
      ? { ...answer, oldest: backlogOf(fieldsOf(members), question.slice) }
      : answer
  }
}

/** Contacts that are open in a slice, oldest first. */
function backlogOf(
  members: ReadonlyMap<string, Uint8Array | null>,
  slice: number,
): OpenAnswer['oldest'] {
  return [...members]
    .map(([contactId, bytes]) => ({ contactId, ...decodeMember(bytes!) }))
    .filter(({ slices }) => slices.includes(slice))
    .sort((a, b) => a.sinceMs - b.sinceMs || (a.contactId < b.contactId ? -1 : 1))
    .map(({ contactId, sinceMs }) => ({
      sinceMs,
      row: { contactId, dueAtMs: sinceMs, first: false, channel: '' },
    }))
}
