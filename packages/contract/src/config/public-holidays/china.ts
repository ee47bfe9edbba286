import type { PublicHolidays } from './public-holidays.ts'

/**
 * As the State Council's General Office announces them, late in the year before: the days off, and the days of weekends that are worked for them. Every date was compared
 * on 2026-11-27 with the packages holiday-calendar 1.3.3 and chinese-days 1.5.7 of npm, which carry these notices.
 */
export const chinaHolidays = {
  'cn-2025': {
    source: '国务院办公厅关于2025年部分节假日安排的通知, 2024-11-12, https://www.gov.cn',
    asOf: '2026-11-27',
    holidays: [
      ['元旦', '2025-01-01'],
      ['春节', '2025-01-28', '2025-02-04'],
      ['清明节', '2025-04-04', '2025-04-06'],
      ['劳动节', '2025-05-01', '2025-05-05'],
      ['端午节', '2025-05-31', '2025-06-02'],
      ['国庆节、中秋节', '2025-10-01', '2025-10-08'],
    ],
    workdays: ['2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11'],
  },
  'cn-2026': {
    source: '国务院办公厅关于2026年部分节假日安排的通知, 2025-11-04, https://www.gov.cn',
    asOf: '2026-11-27',
    holidays: [
      ['元旦', '2026-01-01', '2026-01-03'],
      ['春节', '2026-02-15', '2026-02-23'],
      ['清明节', '2026-04-04', '2026-04-06'],
      ['劳动节', '2026-05-01', '2026-05-05'],
      ['端午节', '2026-06-19', '2026-06-21'],
      ['中秋节', '2026-09-25', '2026-09-27'],
      ['国庆节', '2026-10-01', '2026-10-07'],
    ],
    workdays: [
      ...['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
    ],
  },
} satisfies Record<string, PublicHolidays>
