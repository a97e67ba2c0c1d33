package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/bot"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// BindAddress binds a chat to a person without an invitation, for seeded data;
// it closes the person's other chat of that network. [ErrChatTaken] when the
// chat is somebody else's.
func (s *Store) BindAddress(ctx context.Context, now time.Time, id roster.EmployeeID, chat bot.Address) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		_, err := bind(ctx, db.New(tx), binding{id, chat}, now)
		return err
	})
}
