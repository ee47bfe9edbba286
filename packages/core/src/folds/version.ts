/**
 * Raised with every change of a fold that gives the same log another state or other measures. State is folded again from journals when it is loaded, so
 * one that another version made must not be gone on with: it is rebuilt from the log. 6: long contacts are folded at a pace; 7: what goes on is kept once a subject,
 * and agents’ journals by differences; 8: measures of all families are in one record, and those of a minute go to its slot and day when it is over.
 */
export const foldVersion = 8
