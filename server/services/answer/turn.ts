import type { Intent } from '../../domain/intent.ts';
import type { PromptBudget } from '../../domain/prompt.ts';
import type { Retrieval } from '../../domain/knowledge.ts';
import type { ChatModel, Clock, Database, Ids, Logger } from '../../ports.ts';
import type { HistoryTurn } from '../../protocol/entities.ts';
import type { SiteRecord } from '../../store/site.ts';
import type { AnswerBudget } from '../answer-budget.ts';
import type { AnswerQuality } from '../answer-quality.ts';
import type { CleanPassages } from './clean-passages.ts';
import type { Prompts } from './prompts.ts';
import type { Stopwatch } from './stopwatch.ts';
import type { Prices, UsageLedger } from './usage.ts';

/** Searches a site; the service of `retrieve.ts`. */
export type Retrieve = (request: {
  siteId: string;
  query: string;
  k: number;
  history: readonly HistoryTurn[];
  signal?: AbortSignal;
}) => Promise<Retrieval>;

export interface AnswerDeps {
  db: Database;
  retrieve: Retrieve;
  /** Null: the built-in answerer quotes the pages. */
  chatModel: ChatModel | null;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  prompts?: Prompts;
  /** How the site's confidence is to be read; share the one that takes the judgements. */
  quality?: Pick<AnswerQuality, 'calibration'>;
  /** Tokens that may be spent; by default the limits of `answer-budget.ts`. */
  budget?: AnswerBudget;
  /** What a site may set at most for the passages that a model reads; by default what the API allows. */
  promptLimits?: PromptBudget;
  /** What the models' tokens cost; without it no cost is stored. */
  prices?: Prices;
}

export interface AnswerRequest {
  siteId: string;
  question: string;
  /** Oldest first, without the question. */
  history: readonly HistoryTurn[];
  conversationId: string | null;
  turnId: string | null;
  signal: AbortSignal;
  /** Whom the tokens are charged to besides the site; left out where unknown. */
  visitorId?: string | null;
  address?: string | null;
}

/** What one answer gathers on its way. */
export interface Turn {
  request: AnswerRequest;
  site: SiteRecord;
  intent: Intent;
  /** Null until the pages found must tell it. */
  language: string | null;
  watch: Stopwatch;
  usage: UsageLedger;
}

export interface Found {
  retrieval: Retrieval;
  /** The passages without sentences that address a model, and the pages that had some. */
  readable: CleanPassages;
  hasContent: boolean;
  hasFound: boolean;
  /** Topics to choose from, where the question leaves open which one it means. */
  choices: readonly string[];
}
