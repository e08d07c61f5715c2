-- Other ways to ask for a document, written by the site's owner. By the document's own id at the caller's, so that
-- they outlive its versions, and its leaving and coming back; `document.aliases` holds them too, for search.
create table document_question (
  site_id text not null references site (id) on delete cascade,
  external_id text not null,
  questions text[] not null,
  updated_at timestamptz not null default now(),
  primary key (site_id, external_id)
);
