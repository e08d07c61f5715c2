-- What was handed over is kept as long as its source, so that it can be read again.

-- who read the item last: another reader (version of ours, language of OCR) may read it otherwise
alter table source_item add column read_by text;
-- when its document was deleted by hand: a container that is read again must not bring it back
alter table source_item add column deleted_at timestamptz;
-- of what the source was given, what lies there only until it is read: parts of archives and lists
alter table source add column unpacked_bytes bigint not null default 0;
