/** `names`: those imported by name; `null` when it is the module as a whole (`*`, a default, for its effect, or dynamic). */
export type Import = { readonly module: string; readonly names: readonly string[] | null }

const staticImport =
  /^\s*(?:import|export)\b(?<clause>[^'"`;]*?)\bfrom\s*['"](?<module>[^'"]+)['"]/gm
const otherImport =
  /(?:^\s*import\s*|\b(?:import|require|resolve)\s*\(\s*)['"](?<module>[^'"]+)['"]/gm

function namesOf(clause: string): readonly string[] | null {
  const braces = /^\s*(?:type\s+)?\{(?<names>[^}]*)\}\s*$/.exec(clause)
  if (braces === null) return null
  const names = (braces.groups?.['names'] ?? '')
    .split(',')
    .map((name) => name.trim().replace(/^type\s+/, ''))
  return names.filter((name) => name !== '').map((name) => name.split(/\s+as\s+/)[0] ?? name)
}

/** Every import and re-export of a source text. */
export function importsOf(source: string): readonly Import[] {
  const found = [...source.matchAll(staticImport)].map(({ groups }) => ({
    module: groups?.['module'] ?? '',
    names: namesOf(groups?.['clause'] ?? ''),
  }))
  return [
    ...found,
    ...[...source.matchAll(otherImport)].map(({ groups }) => ({
      module: groups?.['module'] ?? '',
      names: null,
    })),
  ]
}
