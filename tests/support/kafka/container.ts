import type { TestKafka } from '../kafka.ts'
export async function containerKafka(): Promise<TestKafka | null> {
  return null
}
