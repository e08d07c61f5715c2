import type { Clock, Database } from '../ports.ts';
import { findSite } from '../store/site.ts';

/** How long a site's setting is believed; after a change previews go on for no longer. */
const believeMs = 5_000;

/** Whether agents may see what a visitor types before it is sent: the site's own choice, off by default. */
export interface TypingPreview {
  /** @throws AppError `unavailable`. */
  isOn(siteId: string): Promise<boolean>;
}

export function createTypingPreview({ db, clock }: { db: Database; clock: Clock }): TypingPreview {
  const known = new Map<string, { isOn: boolean; untilMs: number }>();
  return {
    async isOn(siteId) {
      const now = clock.now();
      const entry = known.get(siteId);
      if (entry !== undefined && entry.untilMs > now) return entry.isOn;
      const isOn = (await findSite(db, siteId))?.settings.typingPreview ?? false;
      known.set(siteId, { isOn, untilMs: now + believeMs });
      return isOn;
    },
  };
}
