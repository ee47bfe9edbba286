import * as z from 'zod'

export const instant = z
  .string()
  .meta({ format: 'date-time', description: 'RFC 3339 UTC with milliseconds' })
