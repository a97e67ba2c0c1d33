// Package storetest gives every test a real PostgreSQL database and a real
// Redis of its own.
//
//	func TestSomething(t *testing.T) {
//		t.Parallel()
//		pool, err := pgxpool.New(t.Context(), storetest.New(t))
//		…
//		t.Cleanup(pool.Close)
//	}
//
// It knows how to start servers once for a test binary, when the first test
// asks, and how to be rid of them when the binary ends, even if it is killed; no
// TestMain is needed. It never knows what a test stores.
//
// The schema is applied once, to a template; a test's database is a copy of it.
//
// EKINERJA_TEST_DATABASE_URL names a server to use instead, for instance one
// that many test binaries share; its user must be allowed to make databases.
//
// Where programs are missing, a test is skipped with a line that says so, or, when
// CI is "true", fails: a machine that judges must not be content with skipping.
package storetest
