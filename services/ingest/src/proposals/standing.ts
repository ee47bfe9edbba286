/** A version as the store lists it: the same content may come back later, taken at another instant. Without `takenMs` it is in force from when it was taken. */
export type Version = { readonly id: string; readonly fromMs: number; readonly takenMs?: number }

/**
 * Where what the file says stands among a tenant's versions, as one process sees it. It is proposed over each current version at most once; once it was
 * taken, and another version has replaced it, nobody proposes it again: two processes with different files would do so for ever.
 */
export type Standing =
  | { readonly kind: 'unknown' }
  /** It is the current version. */
  | { readonly kind: 'current' }
  /** Proposed over this version (`null`: there was none), and not seen in the store yet. */
  | { readonly kind: 'proposed'; readonly over: Version | null }
  /** It was taken, and this version has replaced it since. */
  | { readonly kind: 'replaced'; readonly by: Version }

/**
 * Looks at the versions of now, oldest first. `isOurs`: the version says what the file says. A store that was put back, or emptied, lists others than before:
 * what it no longer lists is proposed again, which is no change where the fold finds it in the log.
 * @returns how it stands, `before` itself where nothing changed; a `proposed` that is another one is to be proposed now.
 */
export function standingAmong<One extends Version>(
  before: Standing,
  versions: readonly One[],
  isOurs: (version: One | null) => boolean,
): Standing {
  const current = versions.at(-1) ?? null
  if (isOurs(current)) return before.kind === 'current' ? before : { kind: 'current' }
  if (before.kind === 'proposed' && isSame(before.over, current)) return before
  if (before.kind === 'replaced' && isSame(before.by, current)) return before
  if (current !== null && takenSince(before, versions, isOurs))
    return { kind: 'replaced', by: current }
  return { kind: 'proposed', over: current }
}

function takenSince<One extends Version>(
  before: Standing,
  versions: readonly One[],
  isOurs: (version: One | null) => boolean,
): boolean {
  if (before.kind === 'unknown') return false
  if (before.kind !== 'proposed') return isOurs(null) || versions.some(isOurs)
  return versions
    .slice(versions.findIndex((version) => isSame(version, before.over)) + 1)
    .some(isOurs)
}

const isSame = (one: Version | null, other: Version | null): boolean =>
  one?.id === other?.id && takenMs(one) === takenMs(other)

const takenMs = (version: Version | null): number | undefined => version?.takenMs ?? version?.fromMs
