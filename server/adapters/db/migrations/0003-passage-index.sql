-- What search reads: inverted lists in immutable segments, and vectors in a table of their own.

create extension if not exists vector;

-- A segment holds the terms of some passages, and they never change. Publishing a document adds a segment of
-- its own; later several are merged into a larger one. A passage of a segment counts only while its row in
-- `passage` exists, so deleting the row is all that it takes to forget it.
create table lexical_segment (
  id bigint generated always as identity primary key,
  site_id text not null references site (id) on delete cascade,
  -- the only document of a segment that was not merged yet, else null
  document_id bigint references document (id) on delete cascade,
  -- `building`: a merge writes it; `retired`: merged into another, kept a while for searches under way
  state text not null check (state in ('building', 'live', 'retired')),
  state_at timestamptz not null default now(),
  passage_count integer not null,
  -- of its blocks together
  bytes bigint not null,
  -- terms are spread over 2^block_bits blocks by the first bits of their key
  block_bits smallint not null,
  -- lengths and languages, packed (server/domain/retrieval/segment.ts)
  info bytea not null,
  passage_ids bytea not null
);
create index lexical_segment_live on lexical_segment (site_id) where state = 'live';
create index lexical_segment_other on lexical_segment (site_id) where state <> 'live';
create unique index lexical_segment_document on lexical_segment (document_id);
-- packed already: compressing again costs time and gains little
alter table lexical_segment alter column info set storage external;
alter table lexical_segment alter column passage_ids set storage external;

create table lexical_block (
  segment_id bigint not null references lexical_segment (id) on delete cascade,
  -- number of a block, or -1 - (term key) of a term whose list is large enough for a row of its own
  key bigint not null,
  site_id text not null,
  data bytea not null,
  primary key (segment_id, key)
);
alter table lexical_block alter column data set storage external;

-- Narrow, and never out of line: a vector beside its text is moved to TOAST, which made each distance nine
-- times slower. 16-bit floats halve the bytes and kept the same neighbours where it was measured.
create table passage_embedding (
  passage_id bigint primary key references passage (id) on delete cascade,
  site_id text not null,
  -- id of the embedder: vectors of different embedders are never compared
  embedder text not null,
  embedding halfvec not null
);
alter table passage_embedding alter column embedding set storage plain;
create index passage_embedding_site on passage_embedding (site_id, embedder);

-- The passages of a site nearest to a vector by the approximate index of its embedder, one call. Without the
-- iterative scan a filter that keeps 1 % of the rows left 0.45 of 5. Dimensions are part of the index's
-- expression, and the embedder of its condition, so the statement is put together here.
create function nearest_passages(
  wanted_site text, wanted_embedder text, dimensions integer, query text, wanted integer
) returns table (passage_id bigint, cosine double precision)
language plpgsql stable
set hnsw.iterative_scan = 'strict_order'
set hnsw.ef_search = '200'
set hnsw.max_scan_tuples = '100000'
set enable_sort = 'off'
as $$
begin
  return query execute format(
    'select near.passage_id, -near.distance from (
       select e.passage_id, (e.embedding::halfvec(%1$s)) <#> %3$L::halfvec(%1$s) as distance
       from passage_embedding e
       where e.site_id = %4$L and e.embedder = %2$L
       order by (e.embedding::halfvec(%1$s)) <#> %3$L::halfvec(%1$s) limit %5$s
     ) near', dimensions, wanted_embedder, query, wanted_site, wanted);
end $$;
