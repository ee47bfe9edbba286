import { customerKinds, withShownCustomers } from '@deskpulse/contract'
import { customerSubject, ownIdSubject, parseSubject, type Subject } from '@deskpulse/core/state'
import { type Erased, withShownCustomer } from '../erased.ts'
import { granted, type Outcome } from '../reading/tenant.ts'
import type { PageStart } from './cursor.ts'
import type { ExplainRow } from './entry.ts'
import type { ExplainedPage, ExplainPage } from './source.ts'

/** The page as it is shown: words stand in the place of customers who were erased, also where the next page begins, and this one was asked to. */
export async function shownPage(
  { tenant, erased }: { readonly tenant: string; readonly erased: Erased },
  page: ExplainPage,
  read: (page: ExplainPage) => Promise<Outcome<ExplainedPage>>,
): Promise<Outcome<ExplainedPage>> {
  const from = withCustomer(page.from, (word) => erased.pseudonymOf(tenant, word))
  const made = await read({ ...page, from })
  if (!made.ok) return made
  const { rows, next, ...listing } = made.value.listing
  const shownAs = (pseudonym: string): string | undefined => erased.shownAs(tenant, pseudonym)
  return granted({
    ...made.value,
    listing: {
      ...listing,
      rows: rows.map((row) => shownRow(row, tenant, erased)),
      next: next && withCustomer(next, shownAs),
    },
  })
}

function shownRow(one: ExplainRow, tenant: string, erased: Erased): ExplainRow {
  const { row, events } = one
  return {
    ...one,
    row: row && withShownCustomers(row, (pseudonym) => erased.shownAs(tenant, pseudonym)),
    ...(events && { events: events.map((event) => withShownCustomer(event, tenant, erased)) }),
  }
}

function withCustomer(start: PageStart, other: (id: string) => string | undefined): PageStart {
  const after = start.after && (subjectOf(start.after, other) ?? start.after)
  return { ...start, after }
}

/** The subject of another customer; `undefined`: it is of none, or stays. */
function subjectOf(text: string, other: (id: string) => string | undefined): Subject | undefined {
  const subject = parsed(text)
  if (subject === null || !('id' in subject)) return undefined
  const kind = subject.kind === 'own-id' ? subject.of : subject.kind
  const id = customerKinds.has(kind) ? other(subject.id) : undefined
  if (id === undefined) return undefined
  return kind === 'customer'
    ? customerSubject(subject.tenant, id)
    : ownIdSubject(subject.tenant, kind, id)
}

/** `null`: a cursor that somebody made up. */
function parsed(text: string): ReturnType<typeof parseSubject> | null {
  try {
    return parseSubject(text)
  } catch {
    return null
  }
}
