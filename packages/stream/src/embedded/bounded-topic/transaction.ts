import type { DatabaseSync } from 'node:sqlite'

export function transaction(db: DatabaseSync, act: () => void): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    act()
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}
