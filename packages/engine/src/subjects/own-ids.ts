import type { CanonicalEvent, EventType } from '@deskpulse/core/events'
import {
  journalKey,
  ownIdSubject,
  parseSubject,
  stateKey,
  type Subject,
} from '@deskpulse/core/state'
import type { OwnIdKind } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'
import type { Load, Wake } from '@deskpulse/stream'
import { Cache } from '../partition/cache.ts'
import type { Fold, SubjectKind } from '../partition/subject-kind.ts'
import type { Tenant } from '../partition/tenant.ts'
import type { Outputs } from './outputs.ts'
import { OwnIdCell } from './own-id-cell.ts'

/** Subjects with an id of their own, of all kinds: complaints, reviews … */
export class OwnIds implements SubjectKind {
  readonly letter = 'o'
  readonly types: readonly EventType[]
  readonly #kinds: readonly OwnIdKind[]
  readonly #byType: ReadonlyMap<EventType, OwnIdKind>
  readonly #byName: ReadonlyMap<string, OwnIdKind>
  readonly #cells: Cache<OwnIdCell>
  readonly #touched = new Set<OwnIdCell>()

  constructor(kinds: readonly OwnIdKind[], maxBytes: number) {
    this.#kinds = kinds
    this.types = kinds.flatMap(({ types }) => types)
    this.#byType = new Map(kinds.flatMap((kind) => kind.types.map((type) => [type, kind] as const)))
    this.#byName = new Map(kinds.map((kind) => [kind.name, kind]))
    this.#cells = new Cache({ max: maxBytes, weigh: ({ bytes }) => bytes })
  }

  homeOf(event: CanonicalEvent): Subject {
    const { name, idOf } = this.#byType.get(event.type)!
    return ownIdSubject(event.tenant, name, idOf(event.data, event))
  }

  async load(wanted: ReadonlyMap<Subject, Tenant>, _logTimeMs: EpochMs, load: Load): Promise<void> {
    const missing = [...wanted].filter(([subject]) => !this.#cells.has(subject))
    if (missing.length === 0) return
    const { values } = await load(
      missing.flatMap(([subject]) => [stateKey(subject), journalKey(subject)]),
      null,
    )
    for (const [index, [subject, tenant]] of missing.entries()) {
      const cell = new OwnIdCell(
        this.#kindOf(subject),
        tenant,
        subject,
        values[2 * index] ?? null,
        values[2 * index + 1] ?? null,
      )
      this.#cells.set(subject, cell)
    }
  }

  timed(subject: Subject): OwnIdCell {
    return this.#cells.get(subject)!
  }

  touch(subject: Subject, outputs: Outputs): null {
    this.#touch(subject).tellAppeal(outputs)
    return null
  }

  wake({ subject }: Wake): void {
    this.#touch(subject).woken()
  }

  #touch(subject: Subject): OwnIdCell {
    const cell = this.timed(subject)
    this.#touched.add(cell)
    return cell
  }

  /** No rule of alerts looks at one. */
  watched(): readonly Subject[] {
    return []
  }

  ask(outputs: Outputs): void {
    for (const cell of this.#touched) cell.ask(outputs)
  }

  /** Kind by kind, as one of an earlier kind may tell those of a later one. */
  async settle(fold: Fold): Promise<void> {
    if (this.#touched.size === 0 && fold.outputs.ownIds.size === 0) return
    for (const { name } of this.#kinds) {
      await this.#takeTold(name, fold)
      for (const cell of this.#touched) if (cell.kind.name === name) cell.settle(fold)
    }
    if (fold.outputs.ownIds.size > 0)
      throw new RangeError('a subject was told something after it was settled')
    this.#touched.clear()
  }

  async #takeTold(name: string, { outputs: { ownIds }, logTimeMs, load }: Fold): Promise<void> {
    const told = new Map([...ownIds].filter(([subject]) => this.#kindOf(subject).name === name))
    if (told.size === 0) return
    await this.load(
      new Map(Array.from(told, ([subject, { tenant }]) => [subject, tenant])),
      logTimeMs,
      load,
    )
    for (const [subject, { said }] of told) {
      this.#touch(subject).hear(said, logTimeMs)
      ownIds.delete(subject)
    }
  }

  trim(): void {
    this.#cells.trim()
  }

  #kindOf(subject: Subject): OwnIdKind {
    const parsed = parseSubject(subject)
    const kind = parsed.kind === 'own-id' ? this.#byName.get(parsed.of) : undefined
    if (kind === undefined) throw new RangeError(`no subject with an id of its own: ${subject}`)
    return kind
  }
}
