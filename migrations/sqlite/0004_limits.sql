-- Why a message was not sent although nothing was wrong with it; empty for all others.
ALTER TABLE messages ADD COLUMN why TEXT NOT NULL DEFAULT '';
-- The newest messages of a phone, to see how many it was to get in a day.
CREATE INDEX messages_to_phone ON messages (phone_index, id) WHERE why = '';
CREATE INDEX messages_refused ON messages (state) WHERE why <> '';
