import type { BatchHandler, Consumption, Offset } from '../event-log.ts'
import type { GroupCommits } from './event-log-commits.ts'
import type { LogFile, Topic } from './event-log-file.ts'
import { groupMember } from './event-log-member.ts'
import type { GroupMember } from './event-log-member.ts'

/** Consumer groups of one process. */
export type ConsumerGroups = {
  join(topic: Topic, group: string, handle: BatchHandler): Consumption
  /** By partition, the offset that the group reads next. */
  positions(topic: Topic, group: string): readonly Offset[]
  stopAll(): Promise<void>
}

/** The members of one group on one topic. */
export type Group = {
  readonly name: string
  readonly topic: Topic
  members: readonly GroupMember[]
  /** Per partition: ends before its next owner's turn begins. */
  readonly turns: Promise<void>[]
  /** Per partition: the offset to read next. */
  readonly positions: Offset[]
}

export function consumerGroups(file: LogFile, commits: GroupCommits): ConsumerGroups {
  const groups = new Map<string, Group>()

  function groupOf(topic: Topic, name: string): Group {
    const key = JSON.stringify([topic.name, name])
    const group = groups.get(key) ?? {
      name,
      topic,
      members: [],
      turns: topic.slots.map(() => Promise.resolve()),
      positions: topic.slots.map((slot) => file.consumed(name, slot) ?? (0 as Offset)),
    }
    groups.set(key, group)
    return group
  }

  function share(group: Group, members: readonly GroupMember[]): void {
    group.members = members
    members.forEach((member, index) => {
      member.assign(
        group.topic.slots.flatMap((_, partition) =>
          partition % members.length === index ? [partition] : [],
        ),
      )
    })
  }

  return {
    join(topic, name, handle) {
      const group = groupOf(topic, name)
      const leave = (member: GroupMember) => {
        member.assign([])
        share(
          group,
          group.members.filter((other) => other !== member),
        )
      }
      const member = groupMember({ file, commits, group, handle, leave })
      share(group, [...group.members, member])
      return member.consumption
    },
    positions: (topic, name) => groupOf(topic, name).positions,
    async stopAll() {
      const members = [...groups.values()].flatMap((group) => group.members)
      await Promise.all(members.map((member) => member.consumption.stop()))
    },
  }
}
