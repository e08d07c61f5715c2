import type { Command } from './command.ts';
import { askCommand } from './commands/ask.ts';
import { doctorCommand } from './commands/doctor.ts';
import { exportCommand } from './commands/export.ts';
import { importCommand } from './commands/import.ts';
import { indexCommand } from './commands/index-status.ts';
import { ingestCommand } from './commands/ingest.ts';
import { keysCommand } from './commands/keys.ts';
import { questionsCommand } from './commands/questions.ts';
import { searchCommand } from './commands/search.ts';
import { sitesCommand } from './commands/sites.ts';
import { sourcesCommand } from './commands/sources.ts';
import { synonymsCommand } from './commands/synonyms.ts';
import { usersCommand } from './commands/users.ts';

/** All commands, in the order in which the help lists them. */
export const commands: readonly Command[] = [
  ingestCommand,
  sourcesCommand,
  indexCommand,
  searchCommand,
  askCommand,
  questionsCommand,
  synonymsCommand,
  sitesCommand,
  usersCommand,
  keysCommand,
  doctorCommand,
  exportCommand,
  importCommand,
];
