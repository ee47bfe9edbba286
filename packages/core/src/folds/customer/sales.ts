import { dimensionSet } from '../../measures/dimension-set.ts'
import type { DimensionValues } from '../../measures/measure.ts'
import type { Subject } from '../../state/keys.ts'
import { dayMs, type EpochMs } from '../../time/time.ts'
import { adviceMs } from '../contact/spells.ts'
import type { Occasion } from './customer-periods.ts'
import type { Served, Session, Spell } from './session.ts'

/** Of which order a customer is asked who sold it: one that was placed, or paid, or both. `agent`: whom it names; `null`: nobody. */
export type Purchase = {
  readonly placedMs: EpochMs | null
  readonly paidMs: EpochMs | null
  readonly agent: string | null
  readonly shop?: string
}

/** Who had written last in the session to which an instant belongs; `agent`: `null`: somebody without a name. `isPast`: that session was let go, and it stands. */
export type Seller = {
  readonly contactId: string
  readonly agent: string | null
  readonly isPast?: true
}

/** At the placing and at the payment of an order; `null`: that belongs to no session. */
export type Sellers = { readonly placed: Seller | null; readonly paid: Seller | null }

export const noSellers: Sellers = { placed: null, paid: null }

/** An order, as its customer holds it. `sinceMs`: log time since which it is an order of the customer. */
export type HeldPurchase = Purchase & { readonly sinceMs: EpochMs; readonly sellers: Sellers }

type ServedSession = Session & { readonly served: Served }

/** Who ordered so shortly before a session did not come to buy. */
const orderedBeforeMs = 15 * dayMs

/** Which orders of a customer belong to which of its sessions, and so who sold them (semantics 23). */
export class Sales {
  /** By the order that asked. */
  readonly purchases: Map<Subject, HeldPurchase>
  readonly #sessions: readonly ServedSession[]
  /** By the session to which the payment belongs. */
  readonly #sold = new Map<string, HeldPurchase[]>()

  constructor(sessions: Iterable<Session>, purchases: ReadonlyMap<Subject, HeldPurchase>) {
    this.#sessions = [...sessions].filter(isServed).sort(byAnswer)
    this.purchases = new Map(
      Array.from(purchases, ([by, one]) => [by, { ...one, sellers: this.#sellersOf(one) }]),
    )
    for (const purchase of this.purchases.values()) {
      const { paid } = purchase.sellers
      if (paid !== null && paid.isPast !== true)
        this.#sold.getOrInsertComputed(paid.contactId, () => []).push(purchase)
    }
  }

  /** What the customer counts for by all of them. */
  occasions(): Occasion[] {
    return [
      ...[...this.purchases.values()].flatMap(paidOccasion),
      ...this.#sessions.flatMap((session) => this.occasionsOf(session)),
    ]
  }

  occasionsOf(session: Session): Occasion[] {
    if (!isServed(session)) return []
    const { atMs, credit } = session.served
    const sold = this.#sold.get(session.contactId) ?? []
    const writer = session.spells?.at(-1)?.agent ?? credit.agent
    const agents = sold.length === 0 ? [writer] : sold.map(sellerOf)
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

  #sellersOf({ placedMs, paidMs, shop, sellers: { placed, paid } }: HeldPurchase): Sellers {
    return {
      placed: placed?.isPast === true ? placed : this.#sellerAt(placedMs, shop),
      paid: paid?.isPast === true ? paid : this.#sellerAt(paidMs, shop),
    }
  }

  /** By the session of the customer that was answered last before an instant, of those in the same shop in which a human wrote within a day before it. */
  #sellerAt(atMs: EpochMs | null, shop: string | undefined): Seller | null {
    if (atMs === null) return null
    const session = this.#sessions.findLast(({ served, spells }) => {
      const its = served.credit.shop
      const isSameShop = its === undefined || shop === undefined || its === shop
      return served.atMs <= atMs && isSameShop && spellAt(spells, atMs) !== null
    })
    if (session === undefined) return null
    return { contactId: session.contactId, agent: spellAt(session.spells, atMs)!.agent }
  }

  /** Its customer came to buy: so it was told, or, where nothing was, nothing had been ordered shortly before. */
  #isInquiry({ served, opened }: ServedSession): boolean {
    const { intent } = served.credit
    if (intent !== undefined) return intent === 'presales'
    const { atMs } = opened ?? served
    return ![...this.purchases.values()].some((purchase) => {
      const beforeMs = atMs - orderedMsOf(purchase)
      return beforeMs > 0 && beforeMs <= orderedBeforeMs
    })
  }
}

/** When it was placed, else paid. */
const orderedMsOf = ({ placedMs, paidMs }: Purchase): EpochMs => (placedMs ?? paidMs)!

/** A session is let go: what belongs to it belongs to no other from then on. */
export function letGo({ sellers, ...purchase }: HeldPurchase, contactId: string): HeldPurchase {
  const stands = (seller: Seller | null): Seller | null =>
    seller?.contactId === contactId ? { ...seller, isPast: true } : seller
  return { ...purchase, sellers: { placed: stands(sellers.placed), paid: stands(sellers.paid) } }
}

const isServed = (session: Session): session is ServedSession => session.served !== null

const byAnswer = (a: ServedSession, b: ServedSession): number =>
  a.served.atMs - b.served.atMs || (a.contactId < b.contactId ? -1 : 1)

/** In which an agent had written within a day before an instant; `null`: none had. */
function spellAt(spells: readonly Spell[] = [], atMs: EpochMs): Spell | null {
  const spell = spells.findLast(({ firstMs }) => firstMs <= atMs)
  if (spell === undefined) return null
  return spell.lastMs === null || atMs <= spell.lastMs + adviceMs ? spell : null
}

/** Whom the order names, else who wrote last before the payment. */
const sellerOf = ({ agent, sellers }: HeldPurchase): string | undefined =>
  agent ?? sellers.paid?.agent ?? undefined

const creditedTo = (credit: DimensionValues, agent: string | undefined): DimensionValues =>
  dimensionSet({ ...credit, agent: agent ?? 'none' }, credit)

/** Its payment, if there is one: credited as the order is. */
export function paidOccasion(purchase: HeldPurchase): Occasion[] {
  const { paidMs, shop } = purchase
  if (paidMs === null) return []
  const credit = shop === undefined ? {} : { shop }
  return [{ what: 'paid', atMs: paidMs, credit: creditedTo(credit, sellerOf(purchase)) }]
}
