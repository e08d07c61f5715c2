-- Vectors of two embedders side by side, passages that outlive a new version of their document, and text that
-- recurs over documents indexed once.

-- The vectors that a site's search reads, and those that are being made to replace them.
create table index_version (
  site_id text not null references site (id) on delete cascade,
  -- id of the embedder, by which it can be opened again (server/services/embedders.ts)
  embedder text not null,
  dimensions integer not null,
  state text not null check (state in ('live', 'building', 'failed')),
  -- passages that it must cover, and those it covers, while it is built
  total integer not null default 0,
  done integer not null default 0,
  -- why the last try to build it broke off
  reason text,
  created_at timestamptz not null default now(),
  -- when building it is taken up again; null for the live one
  deadline_at timestamptz,
  primary key (site_id, embedder)
);
create unique index index_version_live on index_version (site_id) where state = 'live';
insert into index_version (site_id, embedder, dimensions, state)
  select distinct on (site_id) site_id, embedder, vector_dims(embedding::vector), 'live'
  from passage_embedding order by site_id, passage_id desc;
delete from passage_embedding where not exists (
  select 1 from index_version version
  where version.site_id = passage_embedding.site_id and version.embedder = passage_embedding.embedder);

alter table passage_embedding drop constraint passage_embedding_pkey;
alter table passage_embedding add primary key (passage_id, embedder);

-- Vectors that were paid for, until the passages they belong to are published: a worker that is killed between
-- the two does not ask for them again.
create table embedding_cache (
  embedder text not null,
  -- SHA-256 of the text that was embedded
  text_hash bytea not null,
  embedding halfvec not null,
  created_at timestamptz not null default now(),
  primary key (embedder, text_hash)
);
alter table embedding_cache alter column embedding set storage plain;
create index embedding_cache_age on embedding_cache (created_at);

-- A passage that a new version leaves as it was keeps its row while its place moves.
alter table passage drop constraint passage_document_id_position_key;
alter table passage add constraint passage_place unique (document_id, position) deferrable initially immediate;

-- Hash of its words alone, whatever their case and punctuation, and of the heading above them.
alter table passage add column wording_hash text not null default '';
-- The passage of another document that says the same and is in the index for both; null for one that is there
-- itself. When the holder goes, another takes its place in the same transaction.
alter table passage add column holder_id bigint references passage (id) deferrable initially deferred;
create index passage_wording on passage (site_id, wording_hash) where holder_id is null;
create index passage_holder on passage (holder_id) where holder_id is not null;
