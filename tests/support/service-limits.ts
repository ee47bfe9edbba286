import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { bytesOf, readCompose } from '../checks/compose.ts'

/**
 * The variables by which the image bounds a service's memory, for a process that runs in no container: of the machine's memory a share would be anything, so
 * the heap has its share of what docker-compose.yml gives to the container.
 */
export function serviceLimits(name: string): Readonly<Record<string, string>> {
  const image = imageLimits()
  const { mem_limit: limit } = readCompose().services[name]!
  const heapMebibytes = Math.floor((bytesOf(limit) / 2 ** 20) * (image.heapPercent / 100))
  return { ...image.others, NODE_OPTIONS: image.nodeOptions.replace(heapShare, `--max-old-space-size=${heapMebibytes}`) }
}

const heapShare = /--max-old-space-size-percentage=(\d+)/

/** As the Dockerfile has them. @throws Error when it does not bound the heap. */
export function imageLimits(): {
  readonly heapPercent: number
  readonly nodeOptions: string
  readonly others: Readonly<Record<string, string>>
} {
  const dockerfile = readFileSync(resolve(import.meta.dirname, '../../Dockerfile'), 'utf8')
  const nodeOptions = /NODE_OPTIONS="([^"]+)"/.exec(dockerfile)?.[1] ?? ''
  const percent = heapShare.exec(nodeOptions)?.[1]
  if (percent === undefined) throw new Error('the Dockerfile says nothing of the share of the heap')
  const others = [...dockerfile.matchAll(/^ +(MALLOC_[A-Z_]+)=(\d+)/gm)].map(([, variable = '', value = '']) => [variable, value])
  return { heapPercent: Number(percent), nodeOptions, others: Object.fromEntries(others) as Record<string, string> }
}
