import { usageFailure } from '../command-line/failure.ts'
import type { CommandSpec, Typed } from '../command-line/spec.ts'
import {
  durationMs,
  instantMs,
  positiveNumber,
  tenantName,
  wholeNumber,
} from '../command-line/values.ts'
import { simulationLimits, type SimulationOptions } from '../simulate/options.ts'
import { destinationOptions } from './destination.ts'

export const simulateSpec: CommandSpec = {
  name: 'simulate',
  summary:
    'Play a contact center: agents in shifts, chats, calls and emails, bots, people who give up and who come back.',
  usage:
    'deskpulse simulate --tenant T (--url URL | --brokers HOST:PORT[,…] | --out FILE) [options]',
  positionals: [],
  options: {
    ...destinationOptions,
    out: {
      value: 'FILE',
      help: 'Write NDJSON to this file instead (- = standard output), as fast as possible.',
    },
    seed: { value: 'N', help: 'Same seed, start and options, same events. Default 1.' },
    agents: {
      value: 'N',
      help: 'Agents on shift at any time; three shifts share a day. Default 20.',
    },
    rate: {
      value: 'N',
      help: 'New contacts per minute, on average over a day; each gives about 13 events. Default: half the agents.',
    },
    speed: {
      value: 'N',
      help: 'Simulated seconds per second. Above 1 it begins in the past, and goes on at 1 when it has caught up with the clock. Default 1.',
    },
    for: {
      value: 'DURATION',
      help: 'Stop after this much simulated time, e.g. 8h. Default: never; with --out 1h.',
    },
    start: {
      value: 'TIME',
      help: 'When the simulated time begins. Default: now; with --out or a speed above 1, so long ago that --for (else 24h) ends now.',
    },
    'warm-up': {
      value: 'DURATION',
      help: 'Begin this much earlier and send that history at once, e.g. 30m. Default: none.',
    },
    help: { short: 'h', help: 'This text.' },
  },
  examples: [
    'deskpulse simulate --tenant demo --url http://127.0.0.1:8080 --warm-up 30m',
    'deskpulse simulate --tenant demo --brokers 127.0.0.1:9092 --speed 60 --for 8h',
    'deskpulse simulate --tenant demo --out - --start 2026-03-02T08:00:00Z --for 15m --seed 7',
  ],
}

export type SimulateOptions = {
  readonly simulation: SimulationOptions
  /** A file, `-` for standard output, or `null` for a server. */
  readonly out: string | null
  readonly speed: number
  readonly warmUpMs: number
  /** Simulated time at which it stops; Infinity = never. */
  readonly endMs: number
}

const dayMs = 86_400_000
const outDefaultMs = 3_600_000

export function simulateOptionsOf(typed: Typed, nowMs: number): SimulateOptions {
  const out = typed.text('out') ?? null
  if (out !== null) refuseWithOut(typed)
  const speed = positiveNumber('speed', typed.text('speed') ?? '1', 100_000)
  const lastsMs = durationOf(typed, 'for') ?? (out === null ? Infinity : outDefaultMs)
  const warmUpMs = durationOf(typed, 'warm-up') ?? 0
  const start = typed.text('start')
  const beginsEarlier = out !== null || speed > 1
  const liveMs =
    start === undefined
      ? nowMs - (beginsEarlier ? Math.min(lastsMs, dayMs) : 0)
      : instantMs('start', start)
  if (liveMs > nowMs) throw usageFailure('--start lies in the future; events may not')
  return {
    simulation: simulationOf(typed, liveMs - warmUpMs),
    out,
    speed,
    warmUpMs,
    endMs: liveMs + lastsMs,
  }
}

function simulationOf(typed: Typed, startMs: number): SimulationOptions {
  const agents = typed.text('agents')
  const rate = typed.text('rate')
  return {
    tenant: tenantName(typed.text('tenant')),
    startMs,
    seed: wholeNumber('seed', typed.text('seed') ?? '1', 0, 4_294_967_295),
    ...(agents === undefined
      ? {}
      : { agents: wholeNumber('agents', agents, 1, simulationLimits.agentsMax) }),
    ...(rate === undefined
      ? {}
      : { contactsPerMinute: positiveNumber('rate', rate, simulationLimits.contactsPerMinuteMax) }),
  }
}

function durationOf(typed: Typed, name: string): number | null {
  const text = typed.text(name)
  return text === undefined ? null : durationMs(name, text)
}

function refuseWithOut(typed: Typed): void {
  const clash = ['url', 'brokers', 'topic-prefix', 'speed'].find((name) => typed.switched(name))
  if (clash !== undefined) throw usageFailure(`--out and --${clash} exclude each other`)
}
