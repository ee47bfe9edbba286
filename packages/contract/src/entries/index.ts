export { canonicalJson } from './canonical-json.ts'
export { decodeClockProblem, encodeClockProblem } from './clock-codec.ts'
export {
  type ConfigEntry,
  configEntry,
  configIdOf,
  decodeConfigEntry,
  decodeConfigVersions,
  encodeConfigEntry,
  encodeConfigVersions,
} from './config-codec.ts'
export { decodeEvent, encodeEvent, entryKinds, eventOf } from './event-codec.ts'
export {
  decodeGapAcknowledgement,
  decodeGapEntry,
  decodeGaps,
  encodeGapAcknowledgement,
  encodeGapEntry,
  encodeGaps,
  type GapAcknowledgementEntry,
} from './gap-codec.ts'
export { decodeKnownKeys, encodeKnownKeys, type KnownKeys } from './known-keys.ts'
export {
  decodeRefusalHead,
  decodeRefusalPage,
  encodeRefusalHead,
  encodeRefusalPage,
  type ListedRefusal,
  listedEvent,
  pageOfRefusal,
  type RefusalHead,
  refusalKeys,
  refusalLimits,
  refusalsNewestFirst,
} from './refusal-list.ts'
export {
  type AlertRulesEntry,
  alertRulesEntry,
  alertRulesIdOf,
  decodeAlertRulesEntry,
  decodeRuleVersions,
  encodeAlertRulesEntry,
  encodeRuleVersions,
} from './rules-codec.ts'
export { EntryUnreadable, textOf } from './unreadable.ts'
