import fc from 'fast-check'

/** The same cases in each run: one that fails says something of the change that it is about. Other ones are drawn by `random`, or by another number. */
const seed = process.env['DESKPULSE_TEST_SEED'] ?? '1'
if (seed !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) })
