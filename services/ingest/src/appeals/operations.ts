import { appealTakenSchema, type ProblemCode } from '@deskpulse/contract'
import { json, type Operation, toTenant } from '@deskpulse/runtime'
import { ofAdmission } from '../http/admit.ts'

const tag = { name: 'appeals', description: 'What is to be left out of an agent’s score cards.' }
const problems: readonly ProblemCode[] = ['bad-request', 'not-json', 'unknown-kpi', ...ofAdmission]
const access = toTenant('ingest')
const answers = { 202: json(appealTakenSchema, 'The log has it') }

export const fileAppeal: Operation = {
  ...{ id: 'fileAppeal', tag, access, answers, problems, changes: 'appeal.file' },
  summary: 'Files an appeal about contacts, scores or KPIs of a period.',
}

export const decideAppeal: Operation = {
  ...{ id: 'decideAppeal', tag, access, answers, problems, changes: 'appeal.decide' },
  summary: 'Grants an appeal, in whole or in part, or refuses it. The last decision stands.',
}
