#pragma once

#include <sqlite3.h>

/* What Swift cannot call or spell: variadic functions and casts of integers to pointers. */

/* Switches one of sqlite3_db_config's on/off options; returns SQLite's result code. */
static inline int csqlite_db_config(sqlite3 *db, int option, int on) {
  return sqlite3_db_config(db, option, on, (int *)0);
}

/* sqlite3_bind_text64 and sqlite3_bind_blob64 that copy (SQLITE_TRANSIENT). */
static inline int csqlite_bind_text(
    sqlite3_stmt *statement, int index, const char *bytes, sqlite3_uint64 count) {
  return sqlite3_bind_text64(statement, index, bytes, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static inline int csqlite_bind_blob(
    sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
  return sqlite3_bind_blob64(statement, index, bytes, count, SQLITE_TRANSIENT);
}
