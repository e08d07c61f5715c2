import { createParsePool, defaultPoolOptions } from '../ingest/parse/pool.ts';
import type { Closers } from './closers.ts';
import type { FinalAnswer } from './domain/answer.ts';
import type { PromptBudget } from './domain/prompt.ts';
import type {
  Bus,
  ChatModel,
  Clock,
  Database,
  Embedder,
  Ids,
  Indexer,
  Jobs,
  Logger,
  Reranker,
} from './ports.ts';
import { createAccess } from './services/access.ts';
import { createAnswerService } from './services/answer.ts';
import { createAnswerBudget, type BudgetLimits } from './services/answer-budget.ts';
import { createAnswerQuality } from './services/answer-quality.ts';
import type { Prices } from './services/answer/usage.ts';
import { createAnswerReports } from './services/answer-report.ts';
import { observeAnswers } from './services/answer-observer.ts';
import { createConversations } from './services/conversations.ts';
import { createDiagnostics } from './services/diagnostics.ts';
import { createDocuments } from './services/documents.ts';
import { createEmbedders, type OpenEmbedder } from './services/embedders.ts';
import { createGoldenQuestions } from './services/golden-questions.ts';
import { createIndexBuilds } from './services/index-build.ts';
import { createIndexStatuses } from './services/index-status.ts';
import type { IntakeQuota } from './services/intake-quota.ts';
import { createLive } from './services/live.ts';
import { createPairs } from './services/pairs.ts';
import { createPassageIndex } from './services/passage-index.ts';
import { createRetrieve } from './services/retrieve.ts';
import { createSites } from './services/sites.ts';
import { createSources } from './services/sources.ts';
import { createSynonyms } from './services/synonyms.ts';
import { createVisitorSessions } from './services/visitor-session.ts';

export interface UseCaseDeps {
  db: Database;
  bus: Bus;
  jobs: Jobs;
  /** Null: the built-in answerer. */
  chatModel: ChatModel | null;
  /** What new vectors are made with. */
  embedder: Embedder;
  /** Computes the text index. */
  indexer: Indexer;
  /** Opens what older vectors were made with. */
  openEmbedder: OpenEmbedder;
  /** Null: none. */
  reranker: Reranker | null;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  prices: Prices;
  /** What a site may set at most for the passages that the model reads. */
  promptLimits: PromptBudget;
  /** Tokens a day. */
  tokenLimits: BudgetLimits;
  quota: IntakeQuota;
  closers: Closers;
  /** Hears of every final answer, for the metrics. */
  onAnswer: (answer: FinalAnswer) => void;
}

/** The use cases, wired to each other; what they keep open is handed to `closers`. */
export function createUseCases(deps: UseCaseDeps) {
  const { closers, onAnswer, tokenLimits, ...ports } = deps;
  const index = createPassageIndex(ports);
  // Apart from the readers of jobs, so that an owner who changes an answer does not wait behind those.
  const parser = createParsePool({ ...defaultPoolOptions, processes: 1 });
  closers.add('reader of pairs', parser.close);
  const retrieve = createRetrieve({ ...ports, embedders: createEmbedders(ports) });
  const quality = createAnswerQuality(ports);
  const budget = createAnswerBudget({ ...ports, limits: tokenLimits });
  const answers = observeAnswers(createAnswerService({ ...ports, retrieve, quality, budget }), onAnswer);
  const live = createLive({ ...ports, answers, quality });
  closers.add('live conversations', () => live.close());
  return {
    index,
    indexBuilds: createIndexBuilds(ports),
    indexStatuses: createIndexStatuses(ports),
    retrieve,
    quality,
    reports: createAnswerReports(ports),
    answers,
    live,
    access: createAccess(ports),
    golden: createGoldenQuestions({ ...ports, answers, quality }),
    sites: createSites(ports),
    sources: createSources({ ...ports, index }),
    documents: createDocuments({ ...ports, index }),
    pairs: createPairs({ ...ports, index, parser }),
    conversations: createConversations(ports),
    synonyms: createSynonyms(ports),
    diagnostics: createDiagnostics(ports),
    visitorSessions: createVisitorSessions(ports),
  };
}

export type UseCases = ReturnType<typeof createUseCases>;
