import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { bytesOf, readCompose } from '../checks/compose.ts'

const mebibyte = 2 ** 20

/** What bounds a service's memory, as docker-compose.yml and the image have it. */
export type MemoryLimits = {
  readonly containerBytes: number
  /** Of its old generation. */
  readonly heapBytes: number
  /** For a process that runs in no container: of the machine's memory a share would be anything, so it is given bytes. */
  readonly env: Readonly<Record<string, string>>
}

/** @throws Error when nothing bounds the heap of the service. */
export function serviceLimits(name: string): MemoryLimits {
  const { nodeOptions: ofImage, others } = imageLimits()
  const { mem_limit: limit, environment } = readCompose().services[name]!
  const containerBytes = bytesOf(limit)
  const ofContainer = (_: string, percent: string): string =>
    `--max-old-space-size=${Math.floor((containerBytes / mebibyte) * (Number(percent) / 100))}`
  const nodeOptions = String(environment['NODE_OPTIONS'] ?? ofImage).replace(heapShare, ofContainer)
  const mebibytes = /--max-old-space-size=(\d+)/.exec(nodeOptions)?.[1]
  if (mebibytes === undefined) throw new Error(`nothing bounds the heap of ${name}`)
  return {
    containerBytes,
    heapBytes: Number(mebibytes) * mebibyte,
    env: { ...others, NODE_OPTIONS: nodeOptions },
  }
}

const heapShare = /--max-old-space-size-percentage=(\d+)/

function imageLimits(): {
  readonly nodeOptions: string
  readonly others: Readonly<Record<string, string>>
} {
  const dockerfile = readFileSync(resolve(import.meta.dirname, '../../Dockerfile'), 'utf8')
  const nodeOptions = /NODE_OPTIONS="([^"]+)"/.exec(dockerfile)?.[1] ?? ''
  const others = [...dockerfile.matchAll(/^ +(MALLOC_[A-Z_]+)=(\d+)/gm)].map(
    ([, variable = '', value = '']) => [variable, value],
  )
  return { nodeOptions, others: Object.fromEntries(others) as Record<string, string> }
}
