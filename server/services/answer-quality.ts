import { fitCalibration, type Calibration } from '../domain/confidence-calibration.ts';
import { chooseThreshold, thresholdCurve, type CurvePoint } from '../domain/confidence-curve.ts';
import { AppError } from '../errors.ts';
import type { Clock, Database } from '../ports.ts';
import { listJudged, listRecentLogits, upsertJudgement, type Judge } from '../store/answer-judgement.ts';

export interface AnswerJudgement {
  siteId: string;
  answerId: string;
  judgedBy: Judge;
  isRight: boolean;
  /** Given by a visitor: the answer must be one of this conversation. */
  conversationId?: string;
}

export interface QualityCurve {
  points: CurvePoint[];
  calibration: Calibration;
  recentCount: number;
  chosen: { threshold: number; isCertain: boolean } | null;
}

export interface AnswerQuality {
  /**
   * Notes that an answer was right or wrong; the site's calibration follows.
   * @throws AppError `not-found` when the site has no such answer.
   */
  judge(judgement: AnswerJudgement): Promise<void>;
  /** How the site's confidence is to be read; at most `maxAgeMs` old when judged on another instance. */
  calibration(siteId: string): Promise<Calibration>;
  /**
   * What each threshold would mean for the site, by its own recent questions and judgements; `chosen` is the lowest
   * one that keeps the share of wrong answers at `maxWrong`.
   */
  curve(siteId: string, maxWrong?: number | null): Promise<QualityCurve>;
}

const maxJudgements = 500;
const maxRecent = 1000;
const maxAgeMs = 30_000;
const maxSites = 10_000;

/** Judgements, calibration and threshold curve of sites; holds a small cache, so make it once per process. */
export function createAnswerQuality({ db, clock }: { db: Database; clock: Clock }): AnswerQuality {
  const cache = new Map<string, { calibration: Calibration; readAt: number }>();

  const calibration = async (siteId: string): Promise<Calibration> => {
    const known = cache.get(siteId);
    if (known !== undefined && clock.now() - known.readAt < maxAgeMs) return known.calibration;
    const fitted = fitCalibration(await listJudged(db, siteId, maxJudgements));
    if (cache.size >= maxSites) cache.clear();
    cache.set(siteId, { calibration: fitted, readAt: clock.now() });
    return fitted;
  };

  return {
    calibration,
    async judge({ conversationId = null, ...judgement }) {
      const { siteId } = judgement;
      const createdAt = new Date(clock.now());
      const isKnown = await upsertJudgement(db, { ...judgement, conversationId, createdAt });
      if (!isKnown) throw new AppError('not-found', 'There is no such answer.');
      cache.delete(siteId);
    },
    async curve(siteId, maxWrong = null) {
      const judgements = await listJudged(db, siteId, maxJudgements);
      const recent = await listRecentLogits(db, siteId, maxRecent);
      const fitted = fitCalibration(judgements);
      const points = thresholdCurve({ recent, judgements, calibration: fitted });
      const choice = maxWrong === null ? null : chooseThreshold(points, maxWrong);
      return {
        points,
        calibration: fitted,
        recentCount: recent.length,
        chosen: choice === null ? null : { threshold: choice.point.threshold, isCertain: choice.isCertain },
      };
    },
  };
}
