import { sqlState } from '../errors.ts';
import type { Clock, Database } from '../ports.ts';
import { appendChanges } from '../store/conversation-append.ts';
import { planAppend } from './append-plan.ts';
import type { AppendPlan } from './append-plan.ts';
import { createBatcher } from './batcher.ts';
import type { Appended, AppendRequest } from './conversation-log.ts';
import type { KnownConversations } from './known-conversations.ts';
import type { LiveTimings } from './live-limits.ts';

/** Appends in one transaction at most, and transactions at the same time. */
const maxGroup = 64;
const parallelGroups = 3;

export interface AppendGroupDeps {
  db: Database;
  clock: Clock;
  timings: LiveTimings;
  known: KnownConversations;
}

type Plan = Extract<AppendPlan, { ok: true }>;

/**
 * Appends what is wanted at the same moment in one statement and one COMMIT. Each is decided on the conversation as
 * it was seen last, and counts only if the log still stands there once its row is locked. Resolves with null for
 * what has to be decided on the newest state instead: the log went on, somebody is writing to it, the client's
 * id is there already, or the command is refused.
 * @throws AppError `unavailable`.
 */
export function createAppendGroup(
  deps: AppendGroupDeps,
): (request: AppendRequest) => Promise<Appended | null> {
  return createBatcher<AppendRequest, Appended | null>({
    load: (requests) => appendTogether(deps, requests),
    maxBatch: maxGroup,
    parallel: parallelGroups,
  });
}

async function appendTogether(
  deps: AppendGroupDeps,
  requests: readonly AppendRequest[],
): Promise<(Appended | null)[]> {
  const at = new Date(deps.clock.now());
  const plans = requests.map((request) => guess(deps, request, at));
  const taken = await write(deps.db, onePerConversation(plans));
  return plans.map((plan) => {
    if (plan === null || !taken.has(plan)) return null;
    const { seq, events, record } = plan;
    deps.known.set(record);
    return { kind: 'appended', seq, events, record };
  });
}

/** Decided on what is known; null where that is not enough. */
function guess({ known, timings }: AppendGroupDeps, request: AppendRequest, at: Date): Plan | null {
  const { conversationId, clientId, owner, seen, command } = request;
  const record = known.get(conversationId);
  if (record === undefined) return null;
  const isTheirs = owner === null || (record.siteId === owner.siteId && record.visitorId === owner.visitorId);
  // who has seen everything cannot be behind anybody
  const isUpToDate = seen === undefined || seen.seq >= record.status.lastSeq;
  if (!isTheirs || !isUpToDate) return null;
  const plan = planAppend(record, command, { clientId, at, turnLeaseMs: timings.turnLeaseMs });
  return plan.ok ? plan : null;
}

/** Of several for one conversation the first: the others build on it. */
function onePerConversation(plans: readonly (Plan | null)[]): Plan[] {
  const first = new Map<string, Plan>();
  for (const plan of plans) if (plan !== null && !first.has(plan.record.id)) first.set(plan.record.id, plan);
  return [...first.values()];
}

/** Those that were appended. A statement that was refused appended none: each goes its own way, and no other fails. */
async function write(db: Database, plans: readonly Plan[]): Promise<Set<Plan>> {
  if (plans.length === 0) return new Set();
  try {
    const ids = await appendChanges(
      db,
      plans.map(({ change }) => change),
    );
    return new Set(plans.filter(({ record }) => ids.has(record.id)));
  } catch (error) {
    if (sqlState(error) === null) throw error;
    return new Set();
  }
}
