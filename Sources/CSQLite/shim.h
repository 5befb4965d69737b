#pragma once

#include <sqlite3.h>

/* What Swift cannot call or spell: variadic functions and casts of integers to pointers. */

/* Switches one of sqlite3_db_config's on/off options; returns SQLite's result code. */
static inline int csqlite_db_config(sqlite3 *db, int option, int on) {
  return sqlite3_db_config(db, option, on, (int *)0);
}

/* errno of the last call that failed on the file or its WAL, 0 when none did. SQLite makes "damaged"
   of an error while reading, and then tells no errno. */
static inline int csqlite_last_errno(sqlite3 *db) {
  int code = 0;
  sqlite3_file *log = 0;
  sqlite3_file_control(db, "main", SQLITE_FCNTL_LAST_ERRNO, &code);
  if (code == 0 && sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK
      && log && log->pMethods) {
    log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &code);
  }
  return code;
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
