import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { generatedPages } from './docs/pages.ts'

// Rewrites what docs/ tells about the contract. A test compares it with the code.
for (const { path, text, fresh } of await generatedPages()) {
  if (text === fresh) continue
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, fresh)
  console.log(path)
}
