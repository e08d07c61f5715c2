-- When the current run of a source was asked for or resumed: one that gets nowhere for a day is over.
alter table source add column begun_at timestamptz not null default now();
-- What is paused ends too, one day.
update source set deadline_at = now() + interval '30 days' where state = 'paused';
drop index source_open;
create index source_open on source (deadline_at) where state in ('queued', 'running', 'paused');
