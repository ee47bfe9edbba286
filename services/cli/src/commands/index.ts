import { checkCommand } from './check.ts'
import type { Command } from './command.ts'
import { configCheckCommand } from './config-check.ts'
import { refusalsCommand } from './refusals.ts'
import { replayCommand } from './replay.ts'
import { simulateCommand } from './simulate.ts'

export const commands: readonly Command[] = [replayCommand, simulateCommand, refusalsCommand, configCheckCommand, checkCommand]
