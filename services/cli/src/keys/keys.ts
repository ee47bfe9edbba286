import type {
  BoardCreated,
  BoardView,
  KeyCreated,
  KeyView,
  NewBoardBody,
  NewKeyBody,
} from '@deskpulse/contract'

/** Whose keys: a tenant's; `null`: the installation's. */
export type Whose = string | null

/** The keys and boards of an installation, however they are reached. Each throws CommandFailure or DeskpulseError. */
export type Keys = {
  /** Without those of boards, the oldest first. */
  list(whose: Whose): Promise<readonly KeyView[]>
  create(whose: Whose, body: NewKeyBody): Promise<KeyCreated>
  revoke(whose: Whose, id: string): Promise<void>
  listBoards(tenant: string): Promise<readonly BoardView[]>
  /** `link`: over HTTP all of it, else without the server. */
  createBoard(tenant: string, body: NewBoardBody): Promise<BoardCreated>
  revokeBoard(tenant: string, id: string): Promise<void>
}
