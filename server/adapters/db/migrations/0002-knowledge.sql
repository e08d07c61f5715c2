-- What a site knows, and what became of every page of it.

create table source (
  id uuid primary key,
  site_id text not null references site (id) on delete cascade,
  type text not null check (type in ('website', 'upload', 'documents', 'qa')),
  name text not null,
  url text,
  config jsonb not null default '{}',
  state text not null check (state in ('queued', 'running', 'paused', 'done', 'failed', 'cancelled')),
  reason text,
  -- raised by each run, so that a late worker of an earlier run changes nothing
  run integer not null default 1,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  -- when a queued or running source without progress is taken up again, or an unfinished intake is given up
  deadline_at timestamptz,
  -- when all of its input was stored; null while an intake is open
  accepted_at timestamptz,
  -- when to read it again: {"cron": ...} in UTC or {"everyMinutes": ...}; null for never
  schedule jsonb,
  next_run_at timestamptz,
  -- the run in hand: only who holds it may write, so a worker that was thought dead changes nothing
  worker uuid
);
create index source_site on source (site_id, created_at);
create index source_due on source (next_run_at) where next_run_at is not null;
create index source_open on source (deadline_at) where state in ('queued', 'running');

create table document (
  id bigint generated always as identity primary key,
  site_id text not null references site (id) on delete cascade,
  source_id uuid references source (id) on delete cascade,
  external_id text not null,
  url text,
  title text not null,
  language text,
  text text not null,
  content_hash text not null,
  -- hex SHA-256 of title and text alone: finds one page under two addresses
  text_hash text not null default '',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (site_id, external_id)
);
create index document_source on document (source_id);
create index document_text on document (site_id, text_hash);

create table passage (
  id bigint generated always as identity primary key,
  site_id text not null references site (id) on delete cascade,
  document_id bigint not null references document (id) on delete cascade,
  position integer not null,
  heading_path text[] not null,
  anchor text,
  page integer,
  char_start integer not null,
  char_end integer not null,
  text text not null,
  -- hex SHA-256 of title, heading path and text: the same hash keeps its embedding
  content_hash text not null,
  unique (document_id, position)
);
create index passage_site on passage (site_id);

create table source_item (
  id bigint generated always as identity primary key,
  source_id uuid not null references source (id) on delete cascade,
  -- URL, file name or the caller's document id
  locator text not null,
  state text not null check (
    state in ('found', 'fetched', 'indexed', 'unchanged', 'skipped', 'blocked', 'empty', 'failed', 'removed')
  ),
  reason text,
  document_id bigint references document (id) on delete set null,
  depth integer not null default 0,
  run integer not null default 1,
  attempts integer not null default 0,
  -- runs in a row in which an indexed page could not be read
  misses integer not null default 0,
  -- validators of the last successful fetch
  etag text,
  last_modified text,
  -- input that was handed over (NDJSON line, question and answer), until it is indexed
  payload jsonb,
  updated_at timestamptz not null default now(),
  unique (source_id, locator)
);
create index source_item_state on source_item (source_id, state);

-- Bytes of an uploaded file, until they are read.
create table source_file (
  item_id bigint primary key references source_item (id) on delete cascade,
  media_type text,
  bytes bytea not null
);
-- most files are compressed already
alter table source_file alter column bytes set storage external;
