import { appeal } from './appeal.ts'
import { assessment } from './assessment.ts'
import { attendance } from './attendance.ts'
import { complaint } from './complaint.ts'
import { contract } from './contract.ts'
import { cost } from './cost.ts'
import { employeeSurvey } from './employee-survey.ts'
import { followUp } from './follow-up.ts'
import { forecast } from './forecast.ts'
import { incident } from './incident.ts'
import { order } from './order.ts'
import type { OwnIdKind } from './own-id.ts'
import { refund } from './refund.ts'
import { qualityReview } from './quality-review.ts'
import { review } from './review.ts'
import { roster } from './roster.ts'
import { saleOffer } from './sale-offer.ts'
import { shift } from './shift.ts'
import { survey } from './survey.ts'
import { violation } from './violation.ts'

export type { OwnIdKind } from './own-id.ts'

/** Every kind of subject with an id of its own: a new one is a file and a place here. */
export const ownIdKinds: readonly OwnIdKind[] = [
  appeal,
  complaint,
  review,
  followUp,
  incident,
  saleOffer,
  refund,
  order,
  contract,
  roster,
  forecast,
  shift,
  attendance,
  survey,
  qualityReview,
  violation,
  assessment,
  employeeSurvey,
  cost,
]
