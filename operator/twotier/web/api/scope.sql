-- name: read_one_state
-- Let all statements of the transaction see the same state, and forbid writes.
set transaction isolation level repeatable read, read only

-- name: expect_all_rows
-- Plan cursors for all of their rows. By default, a cursor is planned for the first tenth of them, which makes the rest
-- slow.
set local cursor_tuple_fraction = 1
