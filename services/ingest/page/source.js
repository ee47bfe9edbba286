// What the page asks of its server.
import { ask as askSignedIn } from './session.js'

/**
 * @typedef {import('./language.js').Language} Language
 * @typedef {Record<Language, string>} InLanguages
 * @typedef {{ kind: string, title: InLanguages, description: InLanguages,
 *   columns: { name: InLanguages, required: boolean, example: InLanguages }[] }} Kind
 * @typedef {{ line: number, column: string | null, expected: string, got: string | null }} ImportError
 * @typedef {{ rows: number, accepted: number, refused: number, errorCount: number, errors: ImportError[] }} Imported
 * @typedef {{ code: string, detail: string, errors?: { path: string }[] }} Problem
 * @typedef {{ tenant: string, kind: string, timeZone: string, changedAt: string, bytes: ArrayBuffer }} Asked
 */

/**
 * @template Body
 * @typedef {{ kind: 'ok', body: Body } | { kind: 'problem', problem: Problem } | { kind: 'unreachable' }} Answer
 */

/** @param {string} tenant */
const importsOf = (tenant) => `/v1/tenants/${encodeURIComponent(tenant)}/imports`

/** @param {string} path @param {RequestInit} [request] @returns {Promise<Answer<any>>} */
async function ask(path, request) {
  try {
    const response = await askSignedIn(path, { cache: 'no-cache', ...request })
    const body = await response.json()
    const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json')
    return isProblem ? { kind: 'problem', problem: body } : { kind: 'ok', body }
  } catch {
    return { kind: 'unreachable' } // No answer, or one that is not ours: a proxy's.
  }
}

/** @returns {Promise<Answer<{ tenants: string[], boardPage: string | null }>>} */
export const places = () => ask('/import/places.json')

/** @param {string} tenant @returns {Promise<Answer<{ kinds: Kind[] }>>} */
export const kindsOf = (tenant) => ask(importsOf(tenant))

/** @param {string} tenant @param {string} kind @param {Language} language */
export const templateAddress = (tenant, kind, language) =>
  `${importsOf(tenant)}/${kind}/template?lang=${language}`

/** Checks a file, or sends it. @param {Asked} asked @param {Language} language @param {boolean} dryRun @returns {Promise<Answer<Imported>>} */
export function importFile({ tenant, kind, timeZone, changedAt, bytes }, language, dryRun) {
  const query = new URLSearchParams({ timeZone, changedAt, lang: language })
  if (dryRun) query.set('dryRun', 'true')
  const headers = { 'content-type': 'text/csv' }
  return ask(`${importsOf(tenant)}/${kind}?${query}`, { method: 'POST', headers, body: bytes })
}
