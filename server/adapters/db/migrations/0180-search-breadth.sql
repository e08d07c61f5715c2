-- How many candidates the approximate search keeps in hand grows with the site: at 1,000,000 passages of 384
-- dimensions 100 found .715 of the five nearest (6.0 ms), 200 .89 (7.7 ms), 400 .95 (8.4 ms), 800 .95 (22 ms). At
-- 100,000 passages 100 finds .996.
drop function nearest_passages(text, text, integer, text, integer);

create function nearest_passages(
  wanted_site text, wanted_embedder text, dimensions integer, query text, wanted integer, breadth integer
) returns table (passage_id bigint, cosine double precision)
language plpgsql stable
set hnsw.iterative_scan = 'strict_order'
set hnsw.ef_search = '100'
set hnsw.max_scan_tuples = '100000'
set enable_sort = 'off'
as $$
begin
  -- for this call only: the function's own setting ends with it
  perform set_config('hnsw.ef_search', breadth::text, true);
  return query execute format(
    'select near.passage_id, -near.distance from (
       select e.passage_id, (e.embedding::halfvec(%1$s)) <#> $1::halfvec(%1$s) as distance
       from passage_embedding e
       where e.site_id = %3$L and e.embedder = %2$L
       order by (e.embedding::halfvec(%1$s)) <#> $1::halfvec(%1$s) limit %4$s
     ) near', dimensions, wanted_embedder, wanted_site, wanted)
    using query::halfvec;
end $$;
