-- What checking the model's sentences caught, and what the model cost.
alter table answer
  add column caught jsonb not null default '[]',
  -- in the currency of the prices at that time; null where the model has none
  add column cost double precision;
create index answer_caught on answer (site_id, created_at) where caught <> '[]';
