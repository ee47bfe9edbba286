/**
 * Raised with every change of a fold that gives the same log another state or other measures. State is folded again from journals when it is loaded, so
 * one that another version made must not be gone on with: it is rebuilt from the log. 6: long contacts are folded at a pace; 7: what goes on is kept once a subject,
 * and agents’ journals by differences.
 */
export const foldVersion = 7
