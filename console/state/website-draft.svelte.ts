import type { WebsiteSettings } from '../../server/protocol/http-knowledge.ts';
import { toLines } from '../lib/addresses.ts';

/** What the server takes when nothing is said. */
const defaults: WebsiteSettings = {
  maxPages: 1000,
  maxDepth: 20,
  include: [],
  exclude: [],
  delayMs: 100,
  concurrency: 4,
};

/** A website's settings as they stand in a form. */
export class WebsiteDraft {
  maxPages = $state(0);
  maxDepth = $state(0);
  include = $state('');
  exclude = $state('');
  /** Seconds; people do not think in milliseconds. */
  delaySeconds = $state(0);
  concurrency = $state(0);

  constructor(settings: WebsiteSettings = defaults) {
    this.maxPages = settings.maxPages;
    this.maxDepth = settings.maxDepth;
    this.include = settings.include.join('\n');
    this.exclude = settings.exclude.join('\n');
    this.delaySeconds = settings.delayMs / 1000;
    this.concurrency = settings.concurrency;
  }

  /** The settings that the form means. */
  get settings(): WebsiteSettings {
    const { maxPages, maxDepth, concurrency } = this;
    const [include, exclude] = [toLines(this.include), toLines(this.exclude)];
    return {
      maxPages,
      maxDepth,
      include,
      exclude,
      delayMs: Math.round(this.delaySeconds * 1000),
      concurrency,
    };
  }
}
