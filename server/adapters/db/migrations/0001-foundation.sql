-- Sites, people and keys.

create table site (
  id text primary key,
  name text not null,
  settings jsonb not null default '{}',
  created_at timestamptz not null default now()
);

create table agent (
  id uuid primary key,
  email text not null unique,
  name text not null,
  role text not null check (role in ('owner', 'agent')),
  password_hash text not null,
  created_at timestamptz not null default now(),
  disabled_at timestamptz
);

create table agent_session (
  -- SHA-256 of the cookie's secret, hex
  token_hash text primary key,
  agent_id uuid not null references agent (id) on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index agent_session_agent on agent_session (agent_id);

create table api_key (
  id uuid primary key,
  name text not null,
  key_hash text not null unique,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);
