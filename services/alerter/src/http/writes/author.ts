import { typedAuthorOf } from '@deskpulse/contract'
import { Refused } from '@deskpulse/runtime'
import type { FastifyRequest } from 'fastify'

/** What a change needs of its request beside what it asks for. */
export type Changing = Pick<FastifyRequest, 'principal' | 'changed'>

/**
 * Whose name a change bears: of the key or session, whatever was typed; where nobody is asked who they are, the typed one.
 * `of`: the part of the request that has it. @throws Refused 400: nobody says who it is
 */
export function authorOf(
  { principal }: Changing,
  of: 'body' | 'query',
  { author }: { readonly author?: string | undefined },
): string {
  if (principal.name !== null) return principal.name
  const typed = typedAuthorOf(of, author)
  if (!typed.ok) throw new Refused(typed.problem)
  return typed.value.author
}
