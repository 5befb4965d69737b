-- What a name can stand for: functions that are called so, with or without what a compiler appends,
-- and the entries of a system call of that name.
--
-- :name text: a function's name, its canonical name, or a system call's
-- Nullable: syscall, abi
-- Example: tracequery run function_find --param name=read
SELECT
  name AS function,
  canonical,
  syscall,
  abi,
  CASE WHEN name = :name THEN 'name' WHEN canonical = :name THEN 'canonical' ELSE 'syscall' END
    AS found_by
FROM function
WHERE name = :name OR canonical = :name OR syscall = :name
ORDER BY name;
