import type { DimensionSet } from '../../measures/dimension-set.ts'
import type { EpochMs } from '../../time/time.ts'
import type { Moment } from './moment.ts'

/**
 * How a stay with a bot ends. `handed-off`: to humans. `taken`: queued, assigned or written to by a human, without a hand-off. `resolved`, `closed`: the
 * contact was over, and so it was said. `dropped`: the customer gave up.
 */
export type EpisodeEnd = 'handed-off' | 'taken' | 'resolved' | 'closed' | 'dropped'

/** An episode: one stay of a contact with a bot, told from its begin on. All of it is credited to that begin: the queue then, and no agent. */
export type BotEpisodeRow<Credit = DimensionSet> = {
  readonly grain: 'bot-episode'
  /** Counts the stays of the contact with bots. */
  readonly ordinal: number
  readonly started: Moment<Credit>
  /** `null`: the bot still has it. */
  readonly endMs: EpochMs | null
  readonly how: EpisodeEnd | null
  /** Why it was handed off, in the word of the event; `null`: it was not, or nobody said. */
  readonly reason: string | null
  /** The bot's public messages in it that were not automatic. */
  readonly messages: number
  /** The bot wrote, or handed off for another reason than its limit. */
  readonly isInvolved: boolean
  /** Humans had had the contact before. */
  readonly isAfterHumans: boolean
  /** It was handed off or taken, and a human answered before a bot had the contact again. */
  readonly isAnswered: boolean
  /** The contact was reopened within 7 days after it was resolved. */
  readonly isReopened: boolean
  /** It was resolved at least 7 days ago. */
  readonly isMature: boolean
}

/** A contact that a bot had at least once. */
export type BotContactRow<Credit = DimensionSet> = {
  readonly grain: 'bot-contact'
  /** The opening of the contact; `null`: no bot was involved. */
  readonly opened: Moment<Credit> | null
  /** The begin of the first episode with an involved bot. */
  readonly involved: Moment<Credit> | null
  /** The contact is over: its last end up to now. */
  readonly over: Moment<Credit> | null
  /** It was over with a bot, the customer did not give up, and no human ever had a part in it. */
  readonly isContained: boolean
  /** A bot handed it off to humans. */
  readonly isHandedOff: boolean
}
