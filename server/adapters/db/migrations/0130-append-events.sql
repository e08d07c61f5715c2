-- Appending to logs in one statement: on a busy machine each trip to the database waits for its turn, and what is
-- done there costs a fraction of it.

-- The conversation, its row locked until the transaction ends; made first where it is not there and an owner is
-- given. With it the number that the client's id got before. Waits for the lock no longer than a sender for an ack.
create function lock_conversation(
  wanted_id uuid, sender_id uuid, owner_site text, owner_visitor uuid, new_epoch text, made_at timestamptz
) returns table (locked conversation, repeat_seq integer)
language plpgsql set lock_timeout = '1500ms' as $$
begin
  select * into locked from conversation c where c.id = wanted_id for update;
  if not found and owner_site is not null then
    insert into conversation (id, site_id, visitor_id, epoch, state, started_at, active_at, updated_at)
      values (wanted_id, owner_site, owner_visitor, new_epoch, 'ai', made_at, made_at, made_at)
      on conflict (id) do nothing;
    select * into locked from conversation c where c.id = wanted_id for update;
  end if;
  if not found then return; end if;
  -- a statement of its own, so that it sees what was committed while the lock was waited for
  select e.seq into repeat_seq from event e where e.conversation_id = wanted_id and e.client_id = sender_id;
  return next;
end $$;

-- Appends to each log whose row is free and still stands at the number that the change begins at, and writes the
-- fold of the log beside it; gives the ids of these. The rows are locked one after the other and never waited
-- for, so that one busy conversation holds up no other, and no two callers wait for each other.
create function append_events(changes jsonb) returns setof uuid language plpgsql as $$
declare
  change record;
begin
  for change in
    select * from jsonb_to_recordset(changes) as c(
      id uuid, begins_at integer, epoch text, client_id uuid, at timestamptz, events jsonb,
      state text, agent_id uuid, agent_name text, turn_id uuid, last_seq integer,
      visitor_seen_seq integer, agent_seen_seq integer,
      turn_lease_at timestamptz, handoff_reason text, preview text, preview_role text, is_activity boolean)
  loop
    perform from conversation c
      where c.id = change.id and c.last_seq = change.begins_at and c.epoch = change.epoch
      for update skip locked;
    continue when not found;
    continue when exists (
      select from event e where e.conversation_id = change.id and e.client_id = change.client_id);
    insert into event (conversation_id, seq, client_id, at, body)
      select change.id, e.seq, e.client_id, e.at, e.body
      from jsonb_to_recordset(change.events) as e(seq integer, client_id uuid, at timestamptz, body jsonb);
    update conversation c set
      state = change.state, agent_id = change.agent_id, agent_name = change.agent_name,
      last_seq = change.last_seq, visitor_seen_seq = change.visitor_seen_seq,
      agent_seen_seq = change.agent_seen_seq,
      turn_attempt = case when change.turn_id is null then 0 when c.turn_id is null then 1
        when c.turn_id = change.turn_id then c.turn_attempt else c.turn_attempt + 1 end,
      turn_lease_at = case when change.turn_id is null then null
        when c.turn_id = change.turn_id then c.turn_lease_at else change.turn_lease_at end,
      turn_id = change.turn_id,
      waiting_since = case when change.state <> 'waiting' then null else coalesce(c.waiting_since, change.at) end,
      handoff_reason = case when change.state = 'ai' then null
        else coalesce(change.handoff_reason, c.handoff_reason) end,
      preview = coalesce(change.preview, c.preview),
      preview_role = coalesce(change.preview_role, c.preview_role),
      updated_at = change.at,
      active_at = case when change.is_activity then change.at else c.active_at end
    where c.id = change.id;
    return next change.id;
  end loop;
end $$;
