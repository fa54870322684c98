-- name: read_one_state
-- Let all statements of the transaction see the same state, and forbid writes.
set transaction isolation level repeatable read, read only

-- name: expect_all_rows
-- Plan cursors for all of their rows, and give them the time. By default, a cursor is planned for the first tenth of its
-- rows, which makes the rest slow. A time limit that runs cannot be changed: it is ended, and another begins.
select
    set_config('cursor_tuple_fraction', '1', true),
    set_config('transaction_timeout', '0', true),
    set_config('transaction_timeout', '5min', true)
