import { conversationRecipe } from './conversation.ts';
import type { SearchableSegment } from './score.ts';
import type { SegmentScores } from './score-segment.ts';

/** How a question relates to the document that its history is about; both 0..1, see `HistoryEvidence`. */
export interface HistoryFit {
  fit: number;
  lead: number;
}

/** The best score of each document of a segment. */
function bestByDocument({ info }: SearchableSegment, scores: Float64Array): Float64Array {
  const best = new Float64Array(info.documents.length);
  for (let passage = 0; passage < scores.length; passage += 1) {
    const document = info.documentOf[passage] ?? 0;
    best[document] = Math.max(best[document] ?? 0, scores[passage] ?? 0);
  }
  return best;
}

interface Leaders {
  best: number;
  second: number;
  /** Where the best stands. */
  segment: number;
  document: number;
}

function findLeaders(bests: readonly Float64Array[]): Leaders {
  const leaders: Leaders = { best: 0, second: 0, segment: 0, document: 0 };
  for (const [segment, scores] of bests.entries()) {
    for (let document = 0; document < scores.length; document += 1) {
      const score = scores[document] ?? 0;
      if (score > leaders.best)
        Object.assign(leaders, { best: score, second: leaders.best, segment, document });
      else if (score > leaders.second) leaders.second = score;
    }
  }
  return leaders;
}

export interface JoinedScores {
  /** By segment, of every passage. */
  totals: Float64Array[];
  /** The document that the history is about; null where its words are nowhere. */
  about: { segment: number; document: number } | null;
}

/**
 * Joins the scores of a question with those of its history, on one scale: the history's best document gets
 * `shareOf` of the question's own best score on top, others in proportion. So a history of many words cannot
 * outshout a question that asks for something else.
 */
export function joinHistory(
  segments: readonly SearchableSegment[],
  question: readonly SegmentScores[],
  history: readonly SegmentScores[],
  shareOf: (fit: HistoryFit) => number,
): JoinedScores {
  const none = new Float64Array(0);
  const own = segments.map((segment, index) => bestByDocument(segment, question[index]?.total ?? none));
  const past = segments.map((segment, index) => bestByDocument(segment, history[index]?.total ?? none));
  const asked = findLeaders(own);
  const said = findLeaders(past);
  if (said.best === 0) return { totals: question.map(({ total }) => total), about: null };
  const scale = asked.best > 0 ? asked.best : said.best;
  const fit = (own[said.segment]?.[said.document] ?? 0) / scale;
  const share = shareOf({ fit, lead: asked.best > 0 ? (asked.best - asked.second) / scale : 0 });
  const ofDocument = (share * scale) / said.best;
  const ofPassage = conversationRecipe.passageShare * ofDocument;
  const totals = segments.map(({ info }, index) => {
    const total = Float64Array.from(question[index]?.total ?? none);
    for (let passage = 0; passage < total.length; passage += 1) {
      const document = past[index]?.[info.documentOf[passage] ?? 0] ?? 0;
      const said = history[index]?.total[passage] ?? 0;
      total[passage] = (total[passage] ?? 0) + ofDocument * document + ofPassage * said;
    }
    return total;
  });
  return { totals, about: { segment: said.segment, document: said.document } };
}
