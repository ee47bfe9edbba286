import type { CanonicalEvent, EventType } from '@deskpulse/core/events'
import type { Subject } from '@deskpulse/core/state'
import type { Insertion, Received } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'
import type { Load, Wake } from '@deskpulse/stream'
import type { Announcer, Moment } from '../alerts/announcer.ts'
import type { Watch, Watched } from '../alerts/watch.ts'
import type { ChangeSet } from './change-set.ts'
import type { Retained } from './journal.ts'
import type { MeasureDeltas } from './measure-deltas.ts'
import type { Outputs } from '../subjects/outputs.ts'
import type { Tenant } from './tenant.ts'

/** What a fold works on, as far as subjects are concerned. */
export type Fold = {
  readonly load: Load
  readonly changes: ChangeSet
  readonly deltas: MeasureDeltas
  /** What subjects tell others, which are settled after them. */
  readonly outputs: Outputs
  /** At the end of the fold. */
  readonly logTimeMs: EpochMs
  /** Of decisions about alerts that are made once a fold. */
  readonly moment: Moment
  readonly announcer: Announcer
}

/** A subject with a timeline, as the worker holds it. */
export type Timed = {
  insert(received: Retained): Insertion | { readonly kind: 'refused'; readonly code: 'expired' }
  /** The event of this identity that the subject holds; `null`: none, or one that stays for good. */
  held(event: CanonicalEvent, nowMs: EpochMs): Received | null
  /** Takes a held event out, for one of its identity that stands elsewhere. */
  displace(held: Received, nowMs: EpochMs): void
}

/** All that the worker holds of the subjects of a kind. */
export type SubjectKind = {
  /** The first part of its subjects' texts. */
  readonly letter: string
  /** Events that stand on the timelines of its subjects, each with what names the subject. */
  readonly types: readonly EventType[]
  /** The subject on whose timeline the event stands; `null`: it names none. */
  homeOf(event: CanonicalEvent): Subject | null
  /** Loads what is not held of these subjects. */
  load(wanted: ReadonlyMap<Subject, Tenant>, logTimeMs: EpochMs, load: Load): Promise<void>
  /** A subject that is held. */
  timed(subject: Subject): Timed
  /** Something was put into its timeline, or taken out. @returns what is to be decided after the record; `null`: nothing. */
  touch(subject: Subject, outputs: Outputs): Watched | null
  /** Its wake is due; it is held. */
  wake(wake: Wake, watch: Watch, outputs: Outputs, logTimeMs: EpochMs): void
  /** Those that were touched in this fold, and that a tenant's rules of alerts look at. */
  watched(tenant: Tenant, nowMs: EpochMs): readonly Subject[]
  /** Says to others what follows from events alone, before any of them is settled. Absent: nothing. */
  ask?(outputs: Outputs): void
  /** Folds those that were touched, woken or told something, and says what that changes. */
  settle(fold: Fold): Promise<void>
  /** Between two folds: forgets what was not used for longest, past its room. */
  trim(): void
}
