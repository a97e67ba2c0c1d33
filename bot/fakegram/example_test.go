package fakegram_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"ekinerja/bot/fakegram"
)

// A person starts the bot, the bot asks, the person taps: without any port.
func Example() {
	morning := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	net := fakegram.New(fakegram.Config{Token: "12345:secret", BotName: "Kinerja", Now: func() time.Time { return morning }})
	defer net.Close()
	bot := &http.Client{Transport: fakegram.InProcess(net)}

	siti := net.Person(7, "Siti", "628111222333")
	started, _ := siti.Start("")
	ask := strings.NewReader(`{"chat_id":7,"text":"Hadir?","reply_markup":{"inline_keyboard":[[{"text":"Ya","callback_data":"h:1"}]]}}`)
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://telegram/bot12345:secret/sendMessage", ask)
	if err != nil {
		fmt.Println(err)
		return
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := bot.Do(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = resp.Body.Close()
	tapped, _ := siti.Tap(0, "Ya")

	for _, m := range siti.Seen() {
		fmt.Println(m.ID, m.FromBot, m.Text, m.Buttons)
	}
	fmt.Println(net.Pending(), net.Confirmed(started.UpdateID), tapped.MessageID, net.Violations())
	// Output:
	// 1 false /start []
	// 2 true Hadir? [[{Ya h:1 }]]
	// 2 false 2 []
}
