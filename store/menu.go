package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"ekinerja/bot"
	"ekinerja/store/db"
)

// Menus tells what our messages offered, from the rows that sent them; it
// implements [bot.Menus].
type Menus struct{ Store *Store }

// Menu implements [bot.Menus].
func (m Menus) Menu(ctx context.Context, chat bot.Address, quoted string) (messageID string, buttons []bot.Button, err error) {
	rows, err := m.Store.q().NewestMessage(ctx, db.NewestMessageParams{
		Network: string(chat.Network), ChatID: clean(chat.ID), Quoted: clean(quoted),
	})
	if err != nil {
		return "", nil, fmt.Errorf("look for what a chat was sent: %w", err)
	}
	if len(rows) == 0 || rows[0].MessageID == nil {
		return "", nil, nil
	}
	var out outMessage
	if err := json.Unmarshal(rows[0].Body, &out); err != nil {
		return "", nil, fmt.Errorf("read what a chat was sent: %w", err)
	}
	return *rows[0].MessageID, slices.Concat(out.Buttons...), nil
}
