-- How a document was read whose pages are pictures: {"pages": ..., "confidence": ...}; null when it was not.

alter table source_item add column ocr jsonb;
