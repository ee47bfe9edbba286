import {
  alertRulesEntry,
  type AlertRulesEntry,
  baseRules,
  completeRule,
  encodeAlertRulesEntry,
  entryKinds,
  problemOf,
  type PutRuleBody,
  ruleContextOf,
  type RuleInput,
} from '@deskpulse/contract'
import { type AlertRule, mergeRules } from '@deskpulse/core/alerts'
import { Refused, refuse } from '@deskpulse/runtime'
import { encodeFrame, partitionOf } from '@deskpulse/stream'
import type { FastifyReply } from 'fastify'
import type { AlerterHttpDeps } from '../deps.ts'
import { sendJson } from '../json.ts'
import { type RuleRow, ruleRow } from '../reads/rules.ts'
import { readTenant, type Tenant } from '../tenant.ts'
import { applied } from './applied.ts'
import { authorOf, type Changing } from './author.ts'

/** Rules that the users of one tenant may add or change. */
const ownRulesMax = 500
/** Of a version, as the log holds it: the last twenty are one record, which the alert book reads with every intake. */
const versionBytesMax = 256 * 1024
/** A version that nobody named may be overtaken; then the change is made over the newer one. */
const proposalsMax = 3

/** The rule, complete. @throws Refused 400, 404 `unknown-kpi` */
export function completedRule(
  input: RuleInput,
  tenant: Tenant,
  { config }: AlerterHttpDeps,
): AlertRule {
  const existing = installationRules(tenant, config).find(({ name }) => name === input.name)
  const { endpoints, ...context } = ruleContextOf(tenant.name, tenant.config, config.alerts)
  const inherited = [...(existing?.endpoints ?? []), ...(existing?.escalation?.endpoints ?? [])]
  const completed = completeRule(
    input,
    existing,
    { ...context, endpoints: [...(endpoints ?? []), ...inherited] },
    '/rule',
  )
  if (completed.ok) return completed.rule
  const paths = completed.errors.map(({ path }) => path).join(', ')
  throw new Refused(problemOf(completed.code, `not what it must be: ${paths}`, completed.errors))
}

/** What the installation says: as the tenant's last version has it. */
const installationRules = (
  { versions }: Tenant,
  config: AlerterHttpDeps['config'],
): readonly AlertRule[] => versions.at(-1)?.base ?? baseRules(config)

type OfRule = Changing & {
  readonly params: { readonly tenant: string; readonly name: string }
  readonly headers: { readonly 'if-match'?: string | undefined }
}

export async function putRule(
  deps: AlerterHttpDeps,
  request: OfRule & { readonly body: PutRuleBody },
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { name } = request.params
  const { rule: input, version } = request.body
  const author = authorOf(request, 'body', request.body)
  if (input.name !== name) {
    const error = { path: '/rule/name', expected: name, got: input.name }
    throw new Refused(problemOf('bad-request', 'not what it must be: /rule/name', [error]))
  }
  const change: Change = (tenant) => {
    const own = mergeRules(tenant.versions.at(-1)?.own ?? [], [completedRule(input, tenant, deps)])
    if (own.length > ownRulesMax)
      refuse('limit-reached', `a tenant may have ${ownRulesMax} rules of its own`)
    return own
  }
  return answer(
    deps,
    request,
    {
      author,
      change,
      asked: version === undefined ? ifMatch(request.headers['if-match']) : version,
    },
    reply,
  )
}

export async function deleteRule(
  deps: AlerterHttpDeps,
  request: OfRule & {
    readonly query: { readonly author?: string | undefined; readonly version?: string | undefined }
  },
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { name } = request.params
  const { version } = request.query
  const author = authorOf(request, 'query', request.query)
  const change: Change = (tenant) => {
    const own = tenant.versions.at(-1)?.own ?? []
    if (own.some((rule) => rule.name === name)) return own.filter((rule) => rule.name !== name)
    const isBase = tenant.rules.some((rule) => rule.name === name)
    return refuse(
      isBase ? 'rule-not-own' : 'unknown-rule',
      isBase ? 'the tenant has not changed this rule' : 'there is no rule of that name',
    )
  }
  return answer(
    deps,
    request,
    {
      author,
      change,
      asked: version === undefined ? ifMatch(request.headers['if-match']) : version,
    },
    reply,
  )
}

/** `"…"` or `*`; `undefined`: whatever is there. */
function ifMatch(header: string | undefined): string | undefined {
  return header === undefined || header.trim() === '*'
    ? undefined
    : header.trim().replace(/^(?:W\/)?"(.*)"$/, '$1')
}

/** The tenant's own rules after the change. @throws Refused */
type Change = (tenant: Tenant) => readonly AlertRule[]
type Proposal = {
  readonly author: string
  readonly change: Change
  /** The version that was read; `null`: there was none; `undefined`: whatever is there. */
  readonly asked: string | null | undefined
}

async function answer(
  deps: AlerterHttpDeps,
  request: OfRule,
  proposal: Proposal,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { tenant: tenantName, name } = request.params
  for (let proposals = 1; ; proposals += 1) {
    const tenant = await readTenant(deps, tenantName)
    const current = currentOf(tenant)
    if (proposal.asked !== undefined && proposal.asked !== current) conflict(current)
    const entry = alertRulesEntry({
      predecessor: current,
      origin: 'api',
      author: proposal.author,
      base: installationRules(tenant, deps.config),
      own: proposal.change(tenant),
    })
    const after = entry.id === current ? tenant : await propose(deps, tenant, entry)
    if (after !== null && currentOf(after) !== entry.id) {
      if (proposal.asked !== undefined || proposals === proposalsMax) conflict(currentOf(after))
      continue
    }
    const found = mergeRules(entry.base, entry.own).find((rule) => rule.name === name)
    const seen = after ?? { versions: [{ ...entry, fromMs: 0 }] }
    const changed = {
      version: entry.id,
      rule: found === undefined ? null : ruleRow(found, seen, deps.config),
    }
    await request.changed(
      entry.id === current
        ? null
        : {
            ...{ object: name, author: proposal.author },
            before: { version: current, rule: ruleNamed(name, tenant, deps.config) },
            after: changed,
          },
    )
    return sendJson(reply, changed, after === null ? 202 : 200)
  }
}

/** As it is in force. `null`: there is none. */
function ruleNamed(
  name: string,
  tenant: Tenant,
  config: AlerterHttpDeps['config'],
): RuleRow | null {
  const found = tenant.rules.find((rule) => rule.name === name)
  return found === undefined ? null : ruleRow(found, tenant, config)
}

const currentOf = ({ versions }: Tenant): string | null => versions.at(-1)?.id ?? null

function conflict(current: string | null): never {
  refuse('rule-conflict', 'the rules have changed meanwhile; read them again', [
    { path: '/version', expected: current ?? 'null', got: 'another' },
  ])
}

/** Takes the proposal down in the tenant's log. @returns the tenant as soon as its version is another one; `null`: not in time. */
async function propose(
  deps: AlerterHttpDeps,
  tenant: Tenant,
  entry: AlertRulesEntry,
): Promise<Tenant | null> {
  const { log, topics, partitions, sender } = deps
  const bytes = encodeAlertRulesEntry(entry)
  if (bytes.length > versionBytesMax)
    refuse(
      'limit-reached',
      `all rules together may have ${versionBytesMax} bytes, and would have ${bytes.length}`,
    )
  const entries = [{ tenant: tenant.name, kind: entryKinds.alertRules, bytes }]
  await log.append(topics.log, partitionOf(tenant.name, partitions), [
    { key: null, value: encodeFrame({ sender, backlogMs: 0, entries }) },
  ])
  const before = currentOf(tenant)
  return applied(async () => {
    const now = await readTenant(deps, tenant.name)
    return currentOf(now) === before ? null : now
  })
}
