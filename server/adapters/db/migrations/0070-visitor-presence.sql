-- Which instances live, and which visitors have a page open on each.

create table live_instance (
  id uuid primary key,
  -- renewed by the instance; past it, what it said of its visitors no longer counts
  expires_at timestamptz not null
);

create table visitor_presence (
  visitor_id uuid not null references visitor (id) on delete cascade,
  instance_id uuid not null references live_instance (id) on delete cascade,
  primary key (visitor_id, instance_id)
);
create index visitor_presence_instance on visitor_presence (instance_id);
