import { minuteMs, type EpochMs } from '../time/time.ts'
import type { AgentRule, ContactRule, SourceRule } from './rule.ts'

/** Monday 2026-03-02, 00:00 UTC. */
export const mondayMs = Date.UTC(2026, 2, 2) as EpochMs
/** Second of the test's Monday. */
export const at = (second: number): EpochMs => (mondayMs + second * 1_000) as EpochMs
/** Minute of the test's Monday. */
export const atMinute = (minute: number): EpochMs => (mondayMs + minute * minuteMs) as EpochMs

const common = {
  enabled: true,
  severity: 'warning',
  escalation: null,
  labels: {},
  text: { en: '', zh: '' },
  hours: null,
  repeatMs: null,
  endpoints: null,
} as const

export const contactRule = (name: string, changed: Partial<ContactRule> = {}): ContactRule => ({
  ...common,
  kind: 'deadline',
  subject: 'contact',
  name,
  limitMs: 30_000,
  warnAt: null,
  waits: ['reply', 'queue'],
  classes: ['live', 'voice'],
  slice: 'all',
  ...changed,
})

export const agentRule = (name: string, changed: Partial<AgentRule> = {}): AgentRule => ({
  ...common,
  kind: 'deadline',
  subject: 'agent',
  name,
  limitMs: 30_000,
  warnAt: null,
  states: ['break'],
  slice: 'all',
  ...changed,
})

export const sourceRule = (name: string, changed: Partial<SourceRule> = {}): SourceRule => ({
  ...common,
  kind: 'deadline',
  subject: 'source',
  name,
  limitMs: 30_000,
  warnAt: null,
  sources: null,
  ...changed,
})
