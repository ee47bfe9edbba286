import * as z from 'zod'

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export const timeZone = z
  .string()
  .refine(isTimeZone, { error: 'an IANA time zone, such as Europe/Rome or Asia/Shanghai' })
