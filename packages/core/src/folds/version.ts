/**
 * Raised with every change of a fold that gives the same log another state or other measures: a test folds a log and knows what this version makes of it.
 * State is folded again from journals when it is loaded, so one that another version made must not be gone on with: it is rebuilt from the log.
 */
export const foldVersion = 16
