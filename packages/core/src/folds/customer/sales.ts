import { dimensionSet } from '../../measures/dimension-set.ts'
import type { DimensionValues } from '../../measures/measure.ts'
import { dayMs, type EpochMs } from '../../time/time.ts'
import { adviceMs } from '../contact/spells.ts'
import type { Occasion } from './customer-periods.ts'
import type { Served, Session } from './session.ts'

/** What an order tells its customer. `orderedMs`: its placing, else its payment. `agent`: whom it names; `null`: nobody. */
export type Purchase = {
  readonly kind: 'purchase'
  readonly orderedMs: EpochMs
  readonly paid: {
    readonly atMs: EpochMs
    readonly agent: string | null
    readonly shop?: string
  } | null
}

/** `isPast`: it belonged to a session that was let go, and belongs to no other. */
export type HeldPurchase = Purchase & { readonly isPast?: true }

type ServedSession = Session & { readonly served: Served }

/** Who ordered so shortly before a session did not come to buy. */
const orderedBeforeMs = 15 * dayMs

/** Which orders of a customer belong to which of its sessions (semantics 23). */
export class Sales {
  readonly #purchases: readonly HeldPurchase[]
  readonly #sessions: readonly ServedSession[]
  readonly #sold = new Map<Session, HeldPurchase[]>()

  constructor(sessions: Iterable<Session>, purchases: Iterable<HeldPurchase>) {
    this.#purchases = [...purchases]
    this.#sessions = [...sessions].filter(isServed).sort(byAnswer)
    for (const purchase of this.#purchases) {
      const session = this.#sessionOf(purchase)
      if (session !== undefined) this.#sold.getOrInsertComputed(session, () => []).push(purchase)
    }
  }

  /** What the customer counts for by all of them. */
  occasions(): Occasion[] {
    return [
      ...this.#purchases.flatMap(paidOccasion),
      ...this.#sessions.flatMap((session) => this.occasionsOf(session)),
    ]
  }

  soldIn(session: Session): readonly HeldPurchase[] {
    return this.#sold.get(session) ?? []
  }

  occasionsOf(session: Session): Occasion[] {
    if (!isServed(session)) return []
    const { atMs, credit } = session.served
    const sold = this.soldIn(session)
    const writer = session.spells?.at(-1)?.agent ?? credit.agent
    const agents = sold.length === 0 ? [writer] : sold.map((one) => sellerOf(session, one))
    const whats = [
      ...(['advised', ...(sold.length > 0 ? (['converted'] as const) : [])] as const),
      ...(this.#isInquiry(session)
        ? (['inquired', ...(sold.length > 0 ? (['bought'] as const) : [])] as const)
        : []),
    ]
    return [...new Set(agents)].flatMap((agent) =>
      whats.map((what): Occasion => ({ what, atMs, credit: creditedTo(credit, agent) })),
    )
  }

  /** The session of the customer that was answered last before the payment, of those in the same shop in which a human wrote within a day before it. */
  #sessionOf({ paid, isPast }: HeldPurchase): ServedSession | undefined {
    if (paid === null || isPast === true) return undefined
    return this.#sessions.findLast((session) => {
      const { shop } = session.served.credit
      const isSameShop = shop === undefined || paid.shop === undefined || shop === paid.shop
      return session.served.atMs <= paid.atMs && isSameShop && spellAt(session, paid.atMs) !== null
    })
  }

  /** Its customer came to buy: so it was told, or, where nothing was, nothing had been ordered shortly before. */
  #isInquiry({ served, opened }: ServedSession): boolean {
    const { intent } = served.credit
    if (intent !== undefined) return intent === 'presales'
    const { atMs } = opened ?? served
    return !this.#purchases.some(
      ({ orderedMs }) => orderedMs < atMs && orderedMs >= atMs - orderedBeforeMs,
    )
  }
}

const isServed = (session: Session): session is ServedSession => session.served !== null

const byAnswer = (a: ServedSession, b: ServedSession): number =>
  a.served.atMs - b.served.atMs || (a.contactId < b.contactId ? -1 : 1)

/** In which an agent had written within a day before an instant; `null`: none had. */
function spellAt({ spells = [] }: Session, atMs: EpochMs) {
  const spell = spells.findLast(({ firstMs }) => firstMs <= atMs)
  if (spell === undefined) return null
  return spell.lastMs === null || atMs <= spell.lastMs + adviceMs ? spell : null
}

/** Whom the order names, else who wrote last before the payment. */
const sellerOf = (session: Session, { paid }: HeldPurchase): string | undefined =>
  paid!.agent ?? spellAt(session, paid!.atMs)!.agent ?? undefined

const creditedTo = (credit: DimensionValues, agent: string | undefined): DimensionValues =>
  dimensionSet({ ...credit, agent: agent ?? 'none' }, credit)

/** Its payment, if there is one: credited as the order is. */
export function paidOccasion({ paid }: Purchase): Occasion[] {
  if (paid === null) return []
  const { atMs, agent, shop } = paid
  const credit = dimensionSet({ agent: agent ?? 'none' }, shop === undefined ? {} : { shop })
  return [{ what: 'paid', atMs, credit }]
}
