export type Import = { readonly module: string }

const staticImport = /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"](?<module>[^'"]+)['"]/gm
const otherImport =
  /(?:^\s*import\s*|\b(?:import|require|resolve)\s*\(\s*)['"](?<module>[^'"]+)['"]/gm

/** Every import and re-export of a source text. */
export function importsOf(source: string): readonly Import[] {
  return [...source.matchAll(staticImport), ...source.matchAll(otherImport)].map(({ groups }) => ({
    module: groups?.['module'] ?? '',
  }))
}
