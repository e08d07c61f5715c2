-- Words that a site's owner says mean the same. A question that holds one of `words` also finds pages that hold
-- one of `means`; without any, the words mean each other.
create table synonym (
  id uuid primary key,
  site_id text not null references site (id) on delete cascade,
  words text[] not null,
  means text[] not null default '{}',
  created_at timestamptz not null default now()
);
create index synonym_site on synonym (site_id, created_at);
