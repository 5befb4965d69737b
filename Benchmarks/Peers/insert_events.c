/*
 * The peer of --keep-events: the same rows of `event` as the program KeepEvents writes, by prepared
 * INSERTs of 64 rows in one transaction, into a warehouse that was made empty.
 *
 *   insert_events FILE EVENTS FOREIGN_KEYS
 *
 * The table, its checks, the journal and the synchronous mode are the warehouse's. FOREIGN_KEYS 0
 * is what SQLite does when it is not asked, 1 is what the product does. Prints the seconds from
 * BEGIN to COMMIT.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COLUMNS = 7, ROWS = 64, FUNCTIONS = 1000 };

static void check(int code, sqlite3 *db)
{
	if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
		fprintf(stderr, "insert_events: %s\n", sqlite3_errmsg(db));
		exit(1);
	}
}

static sqlite3_stmt *prepare(sqlite3 *db, int rows)
{
	char sql[4096] = "INSERT INTO event "
		"(run_id, sequence, ts_ns, cpu, pid, function_id, caller_id) VALUES ";
	sqlite3_stmt *statement;

	for (int row = 0; row < rows; row++)
		strcat(sql, row ? ",(?,?,?,?,?,?,?)" : "(?,?,?,?,?,?,?)");
	check(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), db);
	return statement;
}

static void bind(sqlite3_stmt *statement, int row, sqlite3_int64 event)
{
	int at = row * COLUMNS;

	sqlite3_bind_int64(statement, at + 1, 1);
	sqlite3_bind_int64(statement, at + 2, event);
	sqlite3_bind_int64(statement, at + 3, 1000000000 + event * 137);
	sqlite3_bind_int64(statement, at + 4, event & 1);
	sqlite3_bind_int64(statement, at + 5, 1000 + event % 7);
	sqlite3_bind_int64(statement, at + 6, 1 + event * 7919 % FUNCTIONS);
	if (event % 16 == 0)
		sqlite3_bind_null(statement, at + 7);
	else
		sqlite3_bind_int64(statement, at + 7, 1 + event * 104729 % FUNCTIONS);
}

int main(int argc, char **argv)
{
	struct timespec began, ended;
	sqlite3 *db;
	char pragma[64];

	if (argc != 4)
		return 2;
	sqlite3_int64 events = atoll(argv[2]);
	check(sqlite3_open(argv[1], &db), db);
	snprintf(pragma, sizeof pragma, "PRAGMA foreign_keys = %d", atoi(argv[3]));
	check(sqlite3_exec(db, pragma, NULL, NULL, NULL), db);
	check(sqlite3_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", NULL, NULL,
			   NULL), db);
	check(sqlite3_exec(db,
		"INSERT INTO kernel VALUES (1, 'k', 'm');"
		"INSERT INTO condition VALUES (1, 1, 't', 'm', '', 0);"
		"INSERT INTO run (run_id, uuid, condition_id, runtime, workload, repeat, status, seen,"
		" kept, source, source_hash) VALUES"
		" (1, '00000000-0000-4000-8000-000000000000', 1, 'r', 'w', 1, 'ok', 0, 0, 's', 'h');"
		"WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1000)"
		" INSERT INTO function (name, canonical) SELECT 'f' || n, 'f' || n FROM n;",
		NULL, NULL, NULL), db);

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &began);
	check(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), db);
	sqlite3_stmt *full = prepare(db, ROWS), *single = prepare(db, 1);
	sqlite3_int64 event = 0;
	for (; event + ROWS <= events; event += ROWS) {
		for (int row = 0; row < ROWS; row++)
			bind(full, row, event + row);
		check(sqlite3_step(full), db);
		sqlite3_reset(full);
	}
	for (; event < events; event++) {
		bind(single, 0, event);
		check(sqlite3_step(single), db);
		sqlite3_reset(single);
	}
	sqlite3_finalize(full);
	sqlite3_finalize(single);
	check(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), db);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ended);
	printf("%.6f\n", (double)(ended.tv_sec - began.tv_sec) + (ended.tv_nsec - began.tv_nsec) / 1e9);
	sqlite3_close(db);
	return 0;
}
