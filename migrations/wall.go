package migrations

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// ErrWall says that the service may not make, or not use, the database role as
// which it reads what people are shown of others. The error says what an
// administrator of the database types; a service without its second wall would
// look just as well, so it does not start.
var ErrWall = errors.New("the role ekinerja_viewer cannot be used")

// raiseWall has the database make the role and its rights; see 0020_scope.sql.
func raiseWall(ctx context.Context, dsn string) error {
	db, err := open(dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	var missing, user string
	if err := db.QueryRowContext(ctx, "SELECT raise_wall(), current_user").Scan(&missing, &user); err != nil {
		return fmt.Errorf("raise the wall of the viewers: %w", err)
	}
	name := pgx.Identifier{user}.Sanitize()
	switch missing {
	case "":
		return nil
	case "role":
		return fmt.Errorf("%w: as a superuser of this database run: CREATE ROLE ekinerja_viewer NOLOGIN; GRANT ekinerja_viewer TO %s;", ErrWall, name)
	case "strong":
		return fmt.Errorf("%w: it may log in or pass row security; as a superuser run: ALTER ROLE ekinerja_viewer NOLOGIN NOSUPERUSER NOBYPASSRLS;", ErrWall)
	default:
		return fmt.Errorf("%w: as a superuser of this database run: GRANT ekinerja_viewer TO %s;", ErrWall, name)
	}
}
