import type { Environment } from '@deskpulse/contract'
import { CommandFailure, reasonOf } from '../command-line/failure.ts'
import { authorizationOf, keyHint } from './api-key.ts'
import { problemText } from './http-answer.ts'

const answerMs = 60_000

export type Question = {
  readonly address: string
  readonly method?: 'POST' | 'DELETE'
  /** Sent as JSON. */
  readonly body?: object
  /** The scope that it takes, in words. */
  readonly needed: string
  /** What comes of it, for where something else does: `refusals`. */
  readonly of: string
}

/**
 * Asks a server, with the key of the environment. `parse`: the answer as it must be; `null`: it is another one.
 * @throws CommandFailure when none answers, it refuses, or its answer is another one.
 */
export async function ask<Answer>(
  { address, method, body, needed, of }: Question,
  parse: (answer: unknown) => Answer | null,
  { env, signal }: { readonly env: Environment; readonly signal: AbortSignal },
): Promise<Answer> {
  const request: RequestInit = {
    method: method ?? 'GET',
    headers: {
      ...authorizationOf(env),
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
  }
  const { ok, status, text } = await fetch(address, request)
    .then(async (response) => ({
      ...{ ok: response.ok, status: response.status },
      text: await response.text(),
    }))
    .catch((error: unknown) => {
      throw new CommandFailure(`no server answers at ${address}: ${reasonOf(error)}`, {
        cause: error,
      })
    })
  if (!ok)
    throw new CommandFailure(
      `${address} answers ${problemText(status, text)}${keyHint(status, needed)}`,
    )
  const parsed = parse(jsonOf(text))
  if (parsed === null)
    throw new CommandFailure(
      `${address} answers with something else than ${of}; is it the API of Deskpulse?`,
    )
  return parsed
}

/** `undefined`: it is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
