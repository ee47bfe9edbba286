import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accessTopicSpecs, embeddedEventLog, type EventLog, topicNames } from '@deskpulse/stream'
import { onTestFinished } from 'vitest'

/** A log of one test with the topics of access, in a folder that goes with it. */
export async function accessLog(): Promise<EventLog> {
  const folder = mkdtempSync(join(tmpdir(), 'deskpulse-access-'))
  const log = embeddedEventLog({ file: join(folder, 'log.sqlite') })
  onTestFinished(async () => {
    await log.close()
    rmSync(folder, { recursive: true })
  })
  await log.ensureTopics(accessTopicSpecs(topicNames()))
  return log
}
