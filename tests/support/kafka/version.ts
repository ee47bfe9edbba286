import { readFileSync } from 'node:fs'

export const pomFile = new URL('./pom.xml', import.meta.url)

/** The Kafka version that tests run against, from pom.xml: the one place that names it. */
export function kafkaVersion(): string {
  const version = /<kafka\.version>([^<]+)<\/kafka\.version>/.exec(
    readFileSync(pomFile, 'utf8'),
  )?.[1]
  if (!version) throw new Error('tests/support/kafka/pom.xml names no <kafka.version>')
  return version
}
