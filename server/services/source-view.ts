import {
  websiteSettingsSchema,
  type Source,
  type SourceItem,
  type WebsiteSettings,
} from '../protocol/http-knowledge.ts';
import type { ItemCounts, ListedItem } from '../store/source-ledger.ts';
import type { SourceRecord } from '../store/source.ts';

/** The settings within a website's stored configuration, which holds more. */
export function readWebsiteSettings(config: unknown): WebsiteSettings {
  return websiteSettingsSchema.strip().parse(config);
}

/** A source as the API shows it. */
export function toSourceView(
  source: SourceRecord,
  { counts, ocrItems }: ItemCounts,
  perSecond: number | null,
): Source {
  const iso = (date: Date | null) => (date === null ? null : date.toISOString());
  return {
    id: source.id,
    siteId: source.siteId,
    type: source.type,
    name: source.name,
    url: source.url,
    state: source.state,
    reason: source.reason,
    counts,
    ocrItems,
    createdAt: source.createdAt.toISOString(),
    startedAt: iso(source.startedAt),
    finishedAt: iso(source.finishedAt),
    run: source.run,
    schedule: source.schedule,
    nextRunAt: iso(source.nextRunAt),
    settings: source.type === 'website' ? readWebsiteSettings(source.config) : null,
    perSecond,
  };
}

/** A ledger row as the API shows it. */
export function toItemView(item: ListedItem): SourceItem {
  const isAddress = /^https?:\/\//.test(item.locator);
  return {
    id: item.locator,
    url: item.url ?? (isAddress ? item.locator : null),
    state: item.state,
    reason: item.reason,
    title: item.title,
    passageCount: item.passageCount,
    documentId: item.externalId,
    ocr: item.ocr,
    updatedAt: item.updatedAt.toISOString(),
  };
}
