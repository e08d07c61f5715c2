-- How many pages of one host are fetched at a time, and how far apart, over all sources and workers together.

-- Runs that read pages of a host; each takes its share of the places.
create table host_visit (
  host text not null,
  source_id uuid not null references source (id) on delete cascade,
  -- who has the run in hand
  worker uuid not null,
  -- renewed by the worker; past it, the run no longer counts
  expires_at timestamptz not null,
  primary key (host, worker)
);
create index host_visit_source on host_visit (source_id);

-- A place of a host's that a run holds: who has none does not fetch.
create table host_slot (
  host text not null,
  slot integer not null,
  source_id uuid not null references source (id) on delete cascade,
  worker uuid not null,
  expires_at timestamptz not null,
  primary key (host, slot)
);
create index host_slot_source on host_slot (source_id);

-- When the newest fetch of a host that asks for pauses was, or is going to be.
create table host_pace (
  host text primary key,
  last_at timestamptz not null
);
