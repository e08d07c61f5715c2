-- Every finished answer with all that led to it: for owners, for calibration, for the bill.

create table answer (
  id uuid primary key,
  site_id text not null references site (id) on delete cascade,
  -- null for answers asked over the HTTP API; the conversation's deletion takes its answers along
  conversation_id uuid references conversation (id) on delete cascade,
  turn_id uuid,
  question text not null,
  -- as searched, after the history was taken into account
  standalone_question text not null,
  intent text not null,
  language text not null,
  text text not null,
  status text not null check (status in ('complete', 'incomplete')),
  decision text not null check (decision in ('answer', 'clarify', 'handoff')),
  handoff_reason text,
  confidence real not null check (confidence between 0 and 1),
  -- log odds before the site's calibration; null where nothing was assessed
  confidence_logit real,
  reasons jsonb not null,
  citations jsonb not null,
  passages jsonb not null,
  is_quoted boolean not null,
  -- null for the built-in answerer
  model text,
  -- hex SHA-256 of the prompt files that were used; null for the built-in answerer
  prompt_version text,
  timings jsonb not null,
  input_tokens integer,
  output_tokens integer,
  created_at timestamptz not null,
  check ((decision = 'handoff') = (handoff_reason is not null))
);
create index answer_site on answer (site_id, created_at);
create index answer_conversation on answer (conversation_id) where conversation_id is not null;

-- Whether an answer was right, by those who can tell; the newest word of each counts.
create table answer_judgement (
  answer_id uuid not null references answer (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  -- visitor: thumbs; agent: correction; owner: golden questions and the playground
  judged_by text not null check (judged_by in ('visitor', 'agent', 'owner')),
  is_right boolean not null,
  created_at timestamptz not null,
  primary key (answer_id, judged_by)
);
create index answer_judgement_site on answer_judgement (site_id, created_at);

-- Tokens of the model reserved and spent per day; a reservation that never came back stays charged.
create table answer_budget (
  scope text not null check (scope in ('visitor', 'address', 'site', 'all')),
  -- visitor id, SHA-256 of the address, site id, or empty
  key text not null,
  day date not null,
  tokens bigint not null,
  primary key (day, scope, key)
);
