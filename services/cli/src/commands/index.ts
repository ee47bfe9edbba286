import { createCommand as createBoardCommand } from './boards/create.ts'
import { listCommand as listBoardsCommand } from './boards/list.ts'
import { revokeCommand as revokeBoardCommand } from './boards/revoke.ts'
import { checkCommand } from './check.ts'
import type { Command } from './command.ts'
import { configCheckCommand } from './config-check.ts'
import { configPrintCommand } from './config-print.ts'
import { eraseCommand } from './dead-letters/erase.ts'
import { listCommand } from './dead-letters/list.ts'
import { eraseCustomerCommand } from './erase.ts'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'
import { createCommand as createKeyCommand } from './keys/create.ts'
import { listCommand as listKeysCommand } from './keys/list.ts'
import { revokeCommand as revokeKeyCommand } from './keys/revoke.ts'
import { replayCommand as replayLettersCommand } from './dead-letters/replay.ts'
import { showCommand } from './dead-letters/show.ts'
import { rebuildCommand } from './rebuild.ts'
import { refusalsCommand } from './refusals.ts'
import { replayCommand } from './replay.ts'
import { simulateCommand } from './simulate.ts'

const deadLetterCommands: readonly Command[] = [
  listCommand,
  showCommand,
  replayLettersCommand,
  eraseCommand,
]

const accessCommands: readonly Command[] = [
  ...[createKeyCommand, listKeysCommand, revokeKeyCommand],
  ...[createBoardCommand, listBoardsCommand, revokeBoardCommand],
]

export const commands: readonly Command[] = [
  ...[replayCommand, simulateCommand, importCommand, refusalsCommand, exportCommand],
  eraseCustomerCommand,
  ...deadLetterCommands,
  ...accessCommands,
  ...[configCheckCommand, configPrintCommand, checkCommand, rebuildCommand],
]
