/** Operating errors that the adapters throw; the whole catalogue is docs/errors.md. Bugs are assertions and crash. */
export const streamErrorCodes = [
  'LOG_UNAVAILABLE',
  'LOG_FULL',
  'LOG_BUSY',
  'LOG_RECORD_TOO_LARGE',
  'LOG_TOPIC_UNKNOWN',
  'LOG_TOPIC_SETTINGS',
  'LOG_DAMAGED',
  'STORE_UNAVAILABLE',
  'STORE_FULL',
  'STORE_SETTINGS',
  'STORE_LAYOUT',
  'STORE_FOLD_VERSION',
  'STORE_UNREADABLE',
  'STORE_AHEAD',
  'STORE_OTHER_LOG',
  'STORE_DAMAGED',
  'FRAME_UNREADABLE',
] as const
export type StreamErrorCode = (typeof streamErrorCodes)[number]

export class DeskpulseError extends Error {
  readonly code: StreamErrorCode
  constructor(code: StreamErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'DeskpulseError'
    this.code = code
  }
}
