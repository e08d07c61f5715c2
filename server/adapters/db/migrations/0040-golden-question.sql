-- Questions whose right reaction the owner knows: run against the site's own content, they tell how sure to be.

create table golden_question (
  id uuid primary key,
  site_id text not null references site (id) on delete cascade,
  question text not null,
  -- words that a right answer holds; null: no page answers it, and the right reaction is not to answer
  expected text,
  -- the newest run; null before the first, and where its answer was deleted
  answer_id uuid references answer (id) on delete set null,
  is_right boolean,
  run_at timestamptz,
  created_at timestamptz not null,
  unique (site_id, question)
);
create index golden_question_site on golden_question (site_id, created_at);

-- Topics that a question back offered.
alter table answer add column choices jsonb not null default '[]';
