import type { Reading } from '../kpis/kpi.ts'
import { now, ratio, total } from '../kpis/shapes.ts'
import { openMembersMax } from '../kpis/kpi.ts'
import { isAgentRow, type CountedRow } from '../open/entry.ts'
import type { EndedOffer, Moment, OfferRow } from '../subjects/row.ts'
import { count, family, on } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

const ended =
  (...hows: readonly EndedOffer['how'][]) =>
  ({ ended: end }: OfferRow): Moment | null =>
    hows.includes(end.how) ? end : null

/** Offers: each presentation of a contact to an agent, at its end. */
export const offers = family('offers', 8, {
  offerAccepted: count(1, on('offer', { at: ended('accepted') })),
  offerMissed: count(2, on('offer', { at: ended('missed') })),
})

/** The same in SQL. */
export const offerSql: FamilySql<keyof typeof offers.measures> = {
  offerAccepted: [rowsOf('offer', 'ended', { where: "how = 'accepted'" })],
  offerMissed: [rowsOf('offer', 'ended', { where: "how = 'missed'" })],
}

const { offerAccepted, offerMissed } = offers.measures

const anOffer =
  'an offer is one presentation of a contact to an agent (`contact.presented`); several agents may ring at once. What is withdrawn, or taken by another agent, or ends while it rings, is nobody’s fault and in no KPI of offers'

const ringNoAnswer = total('ring_no_answer', {
  name: { en: 'Ring no answer', zh: '振铃无应答' },
  description: {
    en: 'Offers that the agent did not accept: it rang out, or was rejected.',
    zh: '向坐席振铃后超时未接或被拒接的次数。',
  },
  direction: 'lower',
  of: offerMissed,
  docs: {
    formula: 'offers that ended with `contact.declined` for another reason than `withdrawn`',
    countedAt: 'the decline',
    whenEmpty: '0',
    note: `${anOffer}. A decline without a presentation is one whose beginning nobody told. It ends no stay in a queue; credited to the queue then, and that agent`,
  },
})

const agentAnswerRate = ratio('agent_answer_rate', {
  name: { en: 'Agent answer rate', zh: '振铃接听率' },
  description: {
    en: 'Share of offers that the agent accepted, of those that were accepted or missed.',
    zh: '坐席接听的振铃占接听与未接振铃总数的比例。',
  },
  direction: 'higher',
  targets: { any: { min: 0.9 } },
  of: offerAccepted,
  per: [offerAccepted, offerMissed],
  docs: {
    formula: 'offers accepted ÷ offers that ended and were not withdrawn',
    countedAt: 'the end of the offer',
    whenEmpty: '`null`, `nothing-happened`: no offer was accepted or missed',
    note: `${anOffer}. Accepted: the contact is assigned to the agent for whom it rings; an assignment without a presentation is no offer`,
  },
})

const missedOf = (row: CountedRow): number => (isAgentRow(row) ? (row.missedInARow ?? 0) : 0)

const missedInARow = now('missed_in_a_row', {
  name: { en: 'Missed in a row', zh: '连续未接' },
  description: {
    en: 'How many offers an agent has missed since the last one that it accepted; the highest of several agents.',
    zh: '坐席自上次接听以来连续未接的振铃次数；多名坐席取最高值。',
  },
  direction: 'lower',
  unit: 'count',
  open: [{ kind: 'agent-missed', members: openMembersMax }],
  terms: { shape: 'most', kinds: ['agent-missed'] },
  find: (reading: Reading) => ({
    value: reading
      .open('agent-missed')
      .oldest.reduce((most, { row }) => Math.max(most, row === undefined ? 0 : missedOf(row)), 0),
  }),
  docs: {
    formula:
      'offers that an agent missed since it last accepted one; in a slice of several agents that of the one with the most',
    countedAt: 'now; in a period `null`, `not-in-this-window`',
    whenEmpty: '0',
    note: 'what was withdrawn changes nothing, nor does signing out; an agent is in slices of the queues that it serves now. `GET …/agents` has it of each agent',
  },
})

export const offerKpis = [ringNoAnswer, agentAnswerRate, missedInARow]
