-- One approximate index per large site and embedder, instead of one per embedder that every site's filter had to be
-- scanned through: under a filter that keeps few rows the scan visited most of the graph. Sites without one are
-- scanned exactly. The indexes of before are dropped; they are made again, site by site, at the next merge.
do $$
declare former text;
begin
  for former in select indexname from pg_indexes
    where schemaname = current_schema() and tablename = 'passage_embedding'
      and indexname like 'passage\_embedding\_ann\_%'
  loop
    execute format('drop index %I', former);
  end loop;
end $$;

-- As before, with the vector as a parameter, which is read once, and no longer twice out of the statement's text.
create or replace function nearest_passages(
  wanted_site text, wanted_embedder text, dimensions integer, query text, wanted integer
) returns table (passage_id bigint, cosine double precision)
language plpgsql stable
set hnsw.iterative_scan = 'strict_order'
set hnsw.ef_search = '100'
set hnsw.max_scan_tuples = '100000'
set enable_sort = 'off'
as $$
begin
  return query execute format(
    'select near.passage_id, -near.distance from (
       select e.passage_id, (e.embedding::halfvec(%1$s)) <#> $1::halfvec(%1$s) as distance
       from passage_embedding e
       where e.site_id = %3$L and e.embedder = %2$L
       order by (e.embedding::halfvec(%1$s)) <#> $1::halfvec(%1$s) limit %4$s
     ) near', dimensions, wanted_embedder, wanted_site, wanted)
    using query::halfvec;
end $$;
