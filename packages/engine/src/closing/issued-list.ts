import {
  decodeIssuedHead,
  encodeIssuedHead,
  encodeIssues,
  type Issue,
  issuesPerPage,
} from '@deskpulse/core/closed'
import { issuedKey, issuedPageKey } from '@deskpulse/core/state'
import type { Load } from '@deskpulse/stream'
import type { ChangeSet } from '../partition/change-set.ts'

/** What was issued of a tenant's closed periods, in order, for good: full pages, and the one that is being filled. */
export class IssuedList {
  readonly #tenant: string
  #total = 0
  #filling: Issue[] = []
  #isLoaded = false
  #isDirty = false
  readonly #filled = new Map<number, readonly Issue[]>()

  constructor(tenant: string) {
    this.#tenant = tenant
  }

  /** Before the first one is added. */
  async load(load: Load): Promise<void> {
    if (this.#isLoaded) return
    const { values } = await load([issuedKey(this.#tenant)], null)
    const { total, filling } = decodeIssuedHead(values[0] ?? null)
    this.#total = total
    this.#filling = [...filling]
    this.#isLoaded = true
  }

  add(issue: Issue): void {
    this.#filling.push(issue)
    this.#total += 1
    this.#isDirty = true
    if (this.#filling.length < issuesPerPage) return
    this.#filled.set(this.#total / issuesPerPage - 1, this.#filling)
    this.#filling = []
  }

  write(changes: ChangeSet): void {
    if (!this.#isDirty) return
    this.#isDirty = false
    const [total, filling] = [this.#total, this.#filling]
    changes.put(issuedKey(this.#tenant), encodeIssuedHead({ total, filling }))
    for (const [page, issues] of this.#filled)
      changes.put(issuedPageKey(this.#tenant, page), encodeIssues(issues))
    this.#filled.clear()
  }
}
