-- Visitors, their conversations, and the log that every screen is made from.

create table visitor (
  id uuid primary key,
  site_id text not null references site (id) on delete cascade,
  name text not null,
  created_at timestamptz not null
);
create index visitor_site on visitor (site_id, created_at);

create table visitor_session (
  -- SHA-256 of the visitor's secret, hex; the secret itself is kept nowhere
  token_hash text primary key,
  visitor_id uuid not null references visitor (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index visitor_session_visitor on visitor_session (visitor_id);
create index visitor_session_expiry on visitor_session (expires_at);

create table conversation (
  id uuid primary key,
  site_id text not null references site (id) on delete cascade,
  visitor_id uuid not null references visitor (id) on delete cascade,
  state text not null check (state in ('ai', 'waiting', 'human', 'resolved')),
  -- both set exactly while a person has the conversation
  agent_id uuid references agent (id) on delete set null,
  agent_name text,
  -- raised under the row's lock by every event; numbers have no gaps
  last_seq integer not null default 0,
  -- changes when the log is rewritten, so that no client continues another log by accident
  epoch text not null,
  -- the AI's answer under way; only this one may be committed
  turn_id uuid,
  turn_attempt integer not null default 0,
  -- the instance that writes the answer renews this; past it, another takes over
  turn_lease_at timestamptz,
  waiting_since timestamptz,
  handoff_reason text,
  visitor_seen_seq integer not null default 0,
  agent_seen_seq integer not null default 0,
  preview text not null default '',
  preview_role text not null default 'visitor' check (preview_role in ('visitor', 'ai', 'agent', 'system')),
  started_at timestamptz not null,
  -- newest message or change of state
  active_at timestamptz not null,
  -- newest change of any kind; the inbox's position check reads along it
  updated_at timestamptz not null
);
create index conversation_visitor on conversation (visitor_id, active_at desc);
create index conversation_active on conversation (active_at desc);
create index conversation_waiting on conversation (waiting_since) where state = 'waiting';
create index conversation_updated on conversation (updated_at);
create index conversation_turn on conversation (turn_lease_at) where turn_id is not null;

create table event (
  conversation_id uuid not null references conversation (id) on delete cascade,
  seq integer not null,
  -- made by the sending client; a repeat finds its first event here
  client_id uuid,
  at timestamptz not null,
  body jsonb not null,
  primary key (conversation_id, seq),
  unique (conversation_id, client_id)
);

-- Which agents are there, by instance; a row that is not renewed expires.
create table agent_presence (
  agent_id uuid not null references agent (id) on delete cascade,
  instance_id uuid not null,
  presence text not null check (presence in ('online', 'away')),
  expires_at timestamptz not null,
  primary key (agent_id, instance_id)
);
