-- Single pages as a source, and how much each source was given.

alter table source drop constraint source_type_check;
alter table source add constraint source_type_check
  check (type in ('website', 'pages', 'upload', 'documents', 'qa'));

-- bytes handed over (files, lines, pairs); what a site's sources have together is limited
alter table source add column bytes bigint not null default 0;
