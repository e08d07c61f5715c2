-- Other ways to ask may lead to one passage. Passages come and go with the versions of their document, so a question
-- keeps the headings and the text of its passage, by which it is found again: an array of {question, place}, where
-- place is null (the whole document) or {headingPath, text}.
alter table document_question add column asked jsonb not null default '[]';
update document_question set asked = (
  select coalesce(jsonb_agg(jsonb_build_object('question', question, 'place', null) order by place), '[]')
  from unnest(questions) with ordinality as given (question, place));
alter table document_question drop column questions;
-- What search knows of them, beside `document.aliases`.
alter table passage add column aliases text[] not null default '{}';
