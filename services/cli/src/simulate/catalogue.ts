/** What the simulated contact center is like. Ids are neutral words; a page may translate them. */
export const queues = ['billing', 'orders', 'technical'] as const
export type Queue = (typeof queues)[number]

export const topics: Readonly<Record<Queue, readonly string[]>> = {
  billing: ['invoice', 'refund', 'payment'],
  orders: ['delivery', 'return', 'stock'],
  technical: ['login', 'setup', 'outage'],
}

export const channels = ['chat', 'voice', 'email'] as const
export type Channel = (typeof channels)[number]

export const channelWeights: Readonly<Record<Channel, number>> = { chat: 65, voice: 15, email: 20 }
export const queueWeights: Readonly<Record<Queue, number>> = {
  billing: 30,
  orders: 45,
  technical: 25,
}

/** Of one market: all of them sell in one currency. */
export const shops = ['flagship', 'outlet'] as const

/** Agents of every shift are in each of them. */
export const teams = ['north', 'south', 'west'] as const
export type Team = (typeof teams)[number]

/** What becomes of a chat with a bot, and why it is handed to humans. */
export const botWeights = { solves: 30, hands_off: 62, loses: 8 } as const
export const handoffWeights = { unable: 40, requested: 35, policy: 15, limit: 10 } as const

/** How an agent passes on a conversation, to another queue or to a colleague who knows more; and why the latter. */
export const handoverWeights = { none: 92, cold: 4.5, warm: 1.5, escalation: 2 } as const
export const escalationWeights = { technical: 60, conflict: 40 } as const

/** Chats that one agent has at once. A call or an email takes the whole agent. */
export const chatCapacity = 3

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Shares are of the contacts for which the question arises; times are medians unless they are ranges. */
export const habits = {
  botShare: 0.25,
  ringMs: [1_000, 4_000],
  noAnswerShare: 0.04,
  noAnswerPauseMs: 30_000,
  resolvedShare: 0.88,
  thanksShare: 0.3,
  reopenShare: 0.05,
  returnShare: 0.1,
  returnWithinMs: [5 * minuteMs, 60 * hourMs],
  chatReplyMs: 12_000,
  chatReplySpread: 0.65,
  chatCustomerMs: 16_000,
  chatPatienceMs: 4 * minuteMs,
  leftMessageShare: 0.1,
  leftMessageMs: [10 * minuteMs, 90 * minuteMs],
  voicePatienceMs: 2.5 * minuteMs,
  menuShare: 0.05,
  menuMs: [2_000, 20_000],
  misdialShare: 0.04,
  misdialMs: [1_000, 5_000],
  voicemailShare: 0.3,
  talkMs: 130_000,
  heldShare: 0.25,
  wrapUpMs: 20_000,
  emailWorkMs: 75_000,
  emailPendedShare: 0.25,
  emailAnswerMs: [10 * minuteMs, 4 * hourMs],
  invitedShare: 0.8,
  ratedShare: 0.4,
  rateAfterMs: [5_000, 50_000], // Before the contact is archived.
  ratings: { 1: 3, 2: 3, 3: 9, 4: 30, 5: 55 },
  recommendShare: 0.3,
  orderShare: 0.25,
  orderMinor: 18_900,
  orderAfterMs: [20_000, 4 * minuteMs],
  paidShare: 0.8,
  payAfterMs: [15_000, 9 * minuteMs],
  returnedShare: 0.12,
  sendBackAfterMs: [20 * minuteMs, 30 * hourMs],
  returnCauses: { product: 60, other: 25, service: 15 },
  closeAfterMs: [1 * minuteMs, 8 * minuteMs],
} as const

/** What planners reckon with: how far off they are, and that an agent has some chats side by side. */
export const forecastHabits = {
  errorFactors: [0.9, 1.1],
  averageHandleMs: 2 * minuteMs,
  contactsPerAgent: 1.1,
} as const

/** Of customers under contract. */
export const contractHabits = { atFirst: 60, changeAfterMs: hourMs, leaveShare: 0.5 } as const

/** What is written down of agents by hand. Shares are of each hour of an agent at work. */
export const scoreHabits = {
  assessed: ['collaboration', 'teamwork', 'development', 'attitude'],
  raters: ['self', 'supervisor', 'peer', 'customer'],
  assessedScores: [70, 100],
  testScores: [50, 100],
  trainedShare: 0.9,
  reviewedShare: 0.3,
  reviewScores: [70, 100],
  violationShare: 0.02,
} as const

/** `decidedShare`: the others stay open. */
export const appealHabits = {
  agentsShare: 0.3,
  about: { contact: 3, score: 2, both: 3 },
  reasons: {
    contact: 'The customer was angry about the delivery, not about the answer.',
    score: 'This was written down for somebody else.',
    both: 'The system was down that day.',
  },
  filedAfterMs: [60_000, 1_200_000],
  decidedShare: 0.6,
  decidedAfterMs: [300_000, 1_800_000],
  decisions: { granted: 2, 'in part': 2, refused: 1 },
} as const

/** Demand by hour (UTC) around its mean of 1: a gentle wave, so that there is something to see at any hour. */
export function demandFactor(timeMs: number): number {
  return 1 + 0.15 * Math.cos((2 * Math.PI * (((timeMs / hourMs) % 24) - 14)) / 24)
}
