/** Score cards: what the values of agents come to. */

export { cardIn, cardsIn } from '../scorecards/in-force.ts'
export { type Course, lowInARow, topQuartersInARow } from '../scorecards/course.ts'
export { pointsRules } from '../scorecards/points.ts'
export { type Rank, ranksOf } from '../scorecards/rank.ts'
export { type AgentSales, type SalesIndex, salesIndexesOf } from '../scorecards/sales-index.ts'
export { bandIn, type CardScore, scoreOf } from '../scorecards/score.ts'
