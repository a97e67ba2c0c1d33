package store

import (
	"context"
	"fmt"
)

// Backend is the number of a process of the database server that serves us: the
// child of the server's first process. Only on the server's own machine does it
// mean anything.
func (s *Store) Backend(ctx context.Context) (pid int, err error) {
	if err := s.pool.QueryRow(ctx, "SELECT pg_backend_pid()").Scan(&pid); err != nil {
		return 0, fmt.Errorf("ask for the server's process: %w", err)
	}
	return pid, nil
}
