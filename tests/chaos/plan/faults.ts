export const services = ['aggregator', 'ingest', 'alerter', 'api'] as const
export type ServiceName = (typeof services)[number]
export const servers = ['kafka', 'redis'] as const
export type ServerName = (typeof servers)[number]
export type KillTarget = ServiceName | ServerName

/** One thing that goes wrong, and for how long; then it is put right again. `of`: which one of several, taken modulo their number. */
export type Fault =
  | {
      readonly kind: 'kill'
      readonly target: KillTarget
      readonly of: number
      readonly forMs: number
    }
  | {
      readonly kind: 'freeze'
      readonly target: ServiceName
      readonly of: number
      readonly forMs: number
    }
  /** Redis ends hard and comes back with what it held so many writes before. */
  | { readonly kind: 'older-snapshot'; readonly writes: number; readonly forMs: number }
  /** Redis has lost everything. */
  | { readonly kind: 'empty' }
  /** Redis answers no writes. */
  | { readonly kind: 'pause-writes'; readonly forMs: number }
  | {
      readonly kind: 'cut'
      readonly link: ServerName
      readonly every: number
      readonly forMs: number
    }
  | { readonly kind: 'black-hole'; readonly link: ServerName; readonly forMs: number }
  | {
      readonly kind: 'slow'
      readonly link: ServerName
      readonly delayMs: number
      readonly forMs: number
    }
  /** The wall clocks of the product's processes. */
  | { readonly kind: 'clock'; readonly byMs: number; readonly forMs: number }
  /** No file of the product grows. */
  | { readonly kind: 'disk-full'; readonly forMs: number }
export type FaultKind = Fault['kind']

/** Those that end a process hard. */
export const isKill = ({ kind }: Fault): boolean => kind === 'kill' || kind === 'older-snapshot'

export function inWords(fault: Fault): string {
  const { kind, ...rest } = fault
  return `${kind} ${Object.entries(rest)
    .map(([name, value]) => (typeof value === 'number' ? `${name} ${Math.round(value)}` : value))
    .join(', ')}`
}
