-- name: act_for
-- Narrow the rest of this transaction to one organisation, and name who of its staff acts; empty for nobody.
select set_config('twotier.organization', :organization, true), set_config('twotier.staff', :staff, true)

-- name: raise_epoch
-- Raise the epoch once no transaction of an earlier leader is under way, and return the new one.
select twotier.raise_epoch()

-- name: hold_epoch
-- Return the epoch, and keep it from being raised until this transaction ends.
select twotier.hold_epoch()
