-- How fast an index version is being built: when the current try began, and how many passages were covered then.
alter table index_version add column begun_at timestamptz;
alter table index_version add column begun_done integer not null default 0;
