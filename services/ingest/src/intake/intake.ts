import {
  encodeEvent,
  entryKinds,
  type Original,
  originalOf,
  type ParsedEvent,
  type ParseOptions,
  parseEventBytes,
  type RefusedInput,
} from '@deskpulse/contract'
import type { FrameWriter } from '@deskpulse/stream'
import { type DeadLetters, refusedInputBytes } from './dead-letter.ts'
import type { IngestMetrics } from './metrics.ts'
import { hasPseudonym, type KeysOf, pseudonymiser } from './pseudonym.ts'
import type { TenantDirectory } from './tenants.ts'

export type IntakeDeps = {
  readonly writer: Pick<FrameWriter, 'append'>
  readonly deadLetters: DeadLetters
  readonly tenants: TenantDirectory
  readonly keysOf: KeysOf
  readonly metrics: IngestMetrics
  readonly nowMs: () => number
  /** Told of the tenant of every event that is accepted. */
  readonly onAccepted: (tenant: string) => void
}

/** `durable` resolves when the log (or the dead-letter topic) has it. */
export type Taken =
  | { readonly ok: true; readonly durable: Promise<void> }
  | { readonly ok: false; readonly refusal: RefusedInput; readonly durable: Promise<void> }

/** What an input of so many bytes keeps in memory until it is durable. */
export function weightOf({ ok }: Taken, bytes: number): number {
  return ok ? bytes : bytes + refusedInputBytes
}

export type TakeOptions = ParseOptions & {
  /** The customer is a pseudonym of this installation already: what the folds had refused comes again. */
  readonly customersArePseudonyms?: boolean
}

/** The one way in: judge, pseudonymise, append; what is refused goes to the dead-letter topic. Takes things in the order of the calls. */
export type Intake = {
  /** One event's bytes. Nothing of them is kept but what goes to the log. */
  take(bytes: Uint8Array, options: TakeOptions): Taken
  /** What was refused before it could be judged as an event. */
  refuse(original: Original, refusal: RefusedInput, tenant?: string): Taken
}

const foreign = {
  unknown: { code: 'unknown-tenant', expected: 'a tenant of the configuration' },
  full: {
    code: 'too-many-tenants',
    expected: 'a tenant that is known, or a larger openTenantsMax',
  },
} as const

const keyRemoved = {
  code: 'customer-key-removed',
  path: '/time',
  expected: 'a time whose key is in the configuration',
  got: 'one before its `until`',
} as const

/** One promise where there is one: most events are one, and many. */
const all = (durable: readonly Promise<void>[]): Promise<void> =>
  durable.length === 1 ? durable[0]! : Promise.all(durable).then(() => {})

export function intake({
  writer,
  deadLetters,
  tenants,
  keysOf,
  metrics,
  nowMs,
  onAccepted,
}: IntakeDeps): Intake {
  const pseudonymise = pseudonymiser(keysOf)

  function judge(bytes: Uint8Array, options: ParseOptions): ParsedEvent {
    const parsed = parseEventBytes(bytes, options)
    if (!parsed.ok) return parsed
    const { id, source, tenant } = parsed.event
    const verdict = tenants.judge(tenant)
    return verdict === 'accepted'
      ? parsed
      : { ok: false, id, source, tenant, ...foreign[verdict], path: '/tenant', got: tenant }
  }

  /** `asked`: the tenant that the input was sent to; without one it is counted for the known tenant that it names. */
  function refuse(original: Original, refusal: RefusedInput, asked?: string): Taken {
    const tenant = [asked, refusal.tenant].find(
      (name) => name !== undefined && tenants.accepts(name),
    )
    metrics.refused({ tenant, source: refusal.source, code: refusal.code })
    return {
      ok: false,
      refusal,
      durable: deadLetters.write({
        original,
        refusal,
        tenant: tenant ?? asked,
        receivedAtMs: nowMs(),
      }),
    }
  }

  return {
    refuse,
    take(bytes, options) {
      const parsed = judge(bytes, options)
      if (!parsed.ok) {
        const { ok: _ok, ...refusal } = parsed
        return refuse(originalOf(bytes), refusal, options.tenant)
      }
      const isDone = options.customersArePseudonyms === true && hasPseudonym(parsed.event)
      const events = isDone ? [parsed.event] : pseudonymise(parsed.event)
      if (events.length === 0) {
        const { id, source, tenant } = parsed.event
        const refusal = { id, source, tenant, ...keyRemoved }
        return refuse(originalOf(bytes), refusal, options.tenant)
      }
      const { tenant } = parsed.event
      onAccepted(tenant)
      const admitted = tenants.admit(tenant)
      const appended = events.map((event) =>
        writer.append(tenant, entryKinds.event, encodeEvent(event)),
      )
      return { ok: true, durable: all(admitted === null ? appended : [admitted, ...appended]) }
    },
  }
}
