export * from './behaviours.ts'
export * from '../../../../tests/support/certificate.ts'
export * from './receivers.ts'
