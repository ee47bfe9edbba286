import { parse } from 'yaml'
import { readText } from './files.ts'

/** What the checks ask of a container in docker-compose.yml, as it is written there. */
export type ComposeService = {
  readonly image: string
  readonly build?: string
  readonly user: string
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string | number>>
  readonly init: boolean
  readonly read_only: boolean
  readonly restart: string
  readonly cap_drop: readonly string[]
  readonly security_opt: readonly string[]
  readonly mem_limit: string
  readonly stop_grace_period: string
  readonly scale?: number
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly networks: readonly string[]
  readonly healthcheck: { readonly test: readonly string[] }
}

export type Compose = {
  readonly services: Readonly<Record<string, ComposeService>>
  readonly volumes: Readonly<Record<string, unknown>>
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>
}

/** docker-compose.yml with its anchors merged; variables stand as they are written. */
export const readCompose = (): Compose =>
  parse(readText('docker-compose.yml'), { merge: true }) as Compose

function amount(text: string, units: Readonly<Record<string, number>>): number {
  const [, digits, unit = ''] = /^(\d+)([a-z]*)$/.exec(text) ?? []
  const factor = units[unit]
  if (digits === undefined || factor === undefined)
    throw new Error(
      `${text} is not a number with one of the units ${Object.keys(units).join(', ')}`,
    )
  return Number(digits) * factor
}

/** `768m`, `512mb`, `1g` */
export const bytesOf = (text: string): number =>
  amount(text, { m: 2 ** 20, mb: 2 ** 20, g: 2 ** 30, gb: 2 ** 30 })

/** `15s`, `1m` */
export const msOf = (text: string): number => amount(text, { s: 1_000, m: 60_000 })

/** A value as it is when nobody sets a variable: `${URL:-http://127.0.0.1:${PORT:-8082}}` is `http://127.0.0.1:8082`. */
export function withDefaults(value: string): string {
  const inner = value.replace(/\$\{[A-Z_]+:-([^${}]*)\}/g, '$1')
  return inner === value ? value : withDefaults(inner)
}

/** The variables without which nothing starts: `${NAME:?is not set}`. */
const neededVariable = /\$\{([A-Z_]+):\?[^{}]*\}/g

export const neededIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(neededVariable)].map(([, name = '']) => name)),
]

/** A value as it is when these are set. */
export const given = (value: string, variables: Readonly<Record<string, string>>): string =>
  withDefaults(value.replace(neededVariable, (_, name: string) => variables[name] ?? ''))

/** The host's side of `127.0.0.1:${NAME:-8080}:8080`: `8080`. */
export const hostPortOf = (published: string): string =>
  /:-(\d+)\}/.exec(published)?.[1] ?? published
