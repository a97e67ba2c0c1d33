package store

import (
	"context"
	"fmt"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/store/db"
)

// Arrival tells how the copies of a question came to a chat; it implements
// [conversations.Phone].
func (r *Records) Arrival(ctx context.Context, chat bot.Address, a conversations.About) (conversations.Arrival, error) {
	rows, err := r.q.QuestionArrivals(ctx, db.QuestionArrivalsParams{
		Network: string(chat.Network), ChatID: chat.ID, Day: a.Day, Question: a.Question, Item: int32(a.Item),
	})
	if err != nil {
		return conversations.Arrival{}, fmt.Errorf("find the copies of a question: %w", err)
	}
	var out conversations.Arrival
	for _, c := range rows {
		if c.MessageID != "" {
			out.Numbers = append(out.Numbers, c.MessageID)
		}
		out.Waits, out.Doubtful = out.Waits || c.Waits, out.Doubtful || c.Doubtful
	}
	return out, nil
}
