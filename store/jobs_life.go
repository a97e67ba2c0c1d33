package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// ChatsToEnd are live chats of people who have left or whose number is another
// now, and that were not told so yet.
func (j Jobs) ChatsToEnd(ctx context.Context, limit int) ([]jobs.EndingChat, error) {
	rows, err := j.Store.q().ChatsToEnd(ctx, int32(limit))
	if err != nil {
		return nil, fmt.Errorf("find chats to end: %w", err)
	}
	out := make([]jobs.EndingChat, len(rows))
	for i, r := range rows {
		out[i] = jobs.EndingChat{
			Address: r.ID, Chat: bot.Address{Network: bot.Network(r.Network), ID: r.ChatID}, Left: r.Gone,
			Person: conversations.Person{
				ID: roster.EmployeeID(r.EmployeeID), Name: r.Name, Sex: roster.Sex(r.Sex), Lang: r.Lang, Phone: r.Phone,
			},
		}
	}
	return out, nil
}

// TellEnd notes that chats were told and queues what they are told.
func (j Jobs) TellEnd(ctx context.Context, now time.Time, chats []jobs.EndingChat, say func(jobs.EndingChat) conversations.Say) (int, error) {
	told := 0
	err := j.Store.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		var says []conversations.Say
		for _, c := range chats {
			what := "number"
			if c.Left {
				what = "left"
			}
			n, err := q.NoteTold(ctx, db.NoteToldParams{Told: what, At: &now, ID: c.Address})
			if err != nil {
				return fmt.Errorf("note what a chat was told: %w", err)
			}
			if n > 0 {
				says = append(says, say(c))
			}
		}
		told = len(says)
		return enqueue(ctx, q, now, says)
	})
	return told, err
}

// CloseUnconfirmed closes chats that have not shared the new number in time.
func (j Jobs) CloseUnconfirmed(ctx context.Context, now, before time.Time, say func(jobs.EndingChat) conversations.Say) (int, error) {
	closed := 0
	err := j.Store.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		rows, err := q.CloseUnconfirmed(ctx, now, before)
		if err != nil {
			return fmt.Errorf("close chats: %w", err)
		}
		says := make([]conversations.Say, len(rows))
		for i, r := range rows {
			says[i] = say(jobs.EndingChat{
				Address: r.ID, Chat: bot.Address{Network: bot.Network(r.Network), ID: r.ChatID},
				Person: conversations.Person{ID: roster.EmployeeID(r.EmployeeID), Name: r.Name, Sex: roster.Sex(r.Sex), Lang: r.Lang, Phone: r.Phone},
			})
		}
		closed = len(rows)
		return enqueue(ctx, q, now, says)
	})
	return closed, err
}
