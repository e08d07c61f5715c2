-- Other ways to ask an owner's question: what intents are learnt from.
alter table document add column aliases text[] not null default '{}';

-- Few documents of a site are question-and-answer pairs; whether they changed is asked with every question.
create index document_pair on document (site_id, updated_at) where starts_with(external_id, 'qa:');
