import { afterEach, beforeEach } from 'vitest'
import { appendRules } from './event-log-append.ts'
import { createBench } from './event-log-bench.ts'
import type { OpenedLog } from './event-log-bench.ts'
import { consumeRules } from './event-log-consume.ts'
import { groupRules } from './event-log-group.ts'
import { topicRules } from './event-log-topics.ts'

/** What every EventLog must keep. Topics and groups get names of their own, so that the log behind may be shared. */
export function eventLogContract(open: () => Promise<OpenedLog>): void {
  const bench = createBench()
  beforeEach(() => bench.begin(open))
  afterEach(() => bench.end())
  topicRules(bench)
  appendRules(bench)
  consumeRules(bench)
  groupRules(bench)
}
