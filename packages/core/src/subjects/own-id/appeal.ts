import type { CanonicalEvent } from '../../events/event.ts'
import type { AppealItems, AppealRow, AppealScore } from '../../open/entry.ts'
import { dateStartIn, type LocalTime } from '../../time/local-time.ts'
import type { DatePeriod } from '../../time/periods.ts'
import type { Exclusion } from '../exclusion.ts'
import { firstOf, type OwnIdKind, type Said, type Telling } from './own-id.ts'

type Filed = Partial<AppealItems> & {
  readonly appealId: string
  readonly agentId: string
  readonly period: DatePeriod
  readonly reason: string
  readonly filedBy?: string
}
type Decided = Partial<AppealItems> & {
  readonly decision: 'granted' | 'refused'
  readonly decidedBy: string
  readonly note?: string
}

/**
 * Somebody asks that some of an agent's work be left out of its score cards of a period, and somebody decides. The first filing stands, and the last decision. What is granted is told to the contacts
 * and scores that it names; KPIs are left out by who reads the card.
 */
export const appeal: OwnIdKind = {
  name: 'appeal',
  types: ['appeal.filed', 'appeal.decided'],
  idOf: ({ appealId }) => appealId as string,
  isLasting: true,
  appeals(events, localTime) {
    const row = rowOf(events)
    if (row === null) return null
    const granted = new Set(row.decided?.contactIds)
    const excluded = exclusionOf(row, localTime)
    const contacts = row.contactIds.map((contactId) => {
      return { contactId, excluded: granted.has(contactId) ? excluded : null }
    })
    return { row, contacts }
  },
  tell(events, _nowMs, localTime, heard) {
    const row = rowOf(events, heard)
    if (row === null) return { rows: [] }
    const granted = new Set(row.decided?.scores)
    const excluded = exclusionOf(row, localTime)
    const tells = row.scores.map((score): Telling => {
      const said = { kind: 'left-out', excluded: granted.has(score) ? excluded : null } as const
      return { to: score.kind, id: score.id, said }
    })
    return { rows: [], open: { row, intervals: [], dimensions: {} }, tells }
  },
}

/** `null`: nobody has filed it, whatever was decided. */
function rowOf(events: readonly CanonicalEvent[], heard: readonly Said[] = []): AppealRow | null {
  const event = firstOf(events, 'appeal.filed')
  if (event === undefined) return null
  const filed = event.data as Filed
  const decided = events.findLast(({ type }) => type === 'appeal.decided')
  return {
    ...{ appealId: filed.appealId, appealOf: filed.agentId, ...filed.period },
    ...{ reason: filed.reason, filedMs: event.timeMs, filedBy: filed.filedBy ?? null },
    ...itemsOf(filed),
    found: foundIn(heard),
    decided: decided === undefined ? null : decidedOf(filed, decided),
  }
}

/** Contacts that say that they are kept, by id. */
const foundIn = (heard: readonly Said[]): readonly string[] =>
  heard.flatMap((said) => (said.kind === 'found' ? [said.contactId] : [])).sort()

const itemsOf = ({
  contactIds = [],
  scores = [],
  kpis = [],
}: Partial<AppealItems>): AppealItems => ({
  ...{ contactIds, scores, kpis },
})

function decidedOf(filed: Filed, decided: CanonicalEvent): NonNullable<AppealRow['decided']> {
  const { decision, decidedBy: by, note = null } = decided.data as Decided
  const isGranted = decision === 'granted'
  return { atMs: decided.timeMs, by, isGranted, note, ...grantedIn(filed, decided) }
}

/** What a decision grants of what was asked for: all, unless it names what. */
function grantedIn(filed: Filed, event: CanonicalEvent): AppealItems {
  const { decision, contactIds, scores, kpis } = event.data as Decided
  if (decision !== 'granted') return itemsOf({})
  const asked = itemsOf(filed)
  if (contactIds === undefined && scores === undefined && kpis === undefined) return asked
  const isNamed = ({ kind, id }: AppealScore): boolean =>
    scores?.some((one) => one.kind === kind && one.id === id) === true
  return {
    contactIds: asked.contactIds.filter((one) => contactIds?.includes(one)),
    scores: asked.scores.filter(isNamed),
    kpis: asked.kpis.filter((one) => kpis?.includes(one)),
  }
}

const exclusionOf = ({ appealOf, start, end }: AppealRow, localTime: LocalTime): Exclusion => ({
  agent: appealOf,
  startMs: dateStartIn(localTime, start),
  endMs: dateStartIn(localTime, dateAfter(end)),
})

const dateAfter = (date: string): string =>
  Temporal.PlainDate.from(date).add({ days: 1 }).toString()
