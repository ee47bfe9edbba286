/** This machine has no Redis, and no means to start one; the message says what to install. */
export class RedisMissing extends Error {}
