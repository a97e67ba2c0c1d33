package demo_test

import (
	"testing"

	"ekinerja/bot/fakegram"
)

func tell(t *testing.T, p *fakegram.Person, text string) {
	t.Helper()
	if _, err := p.Send(text); err != nil {
		t.Fatal(err)
	}
}

func last(all []fakegram.Message) fakegram.Message {
	if len(all) == 0 {
		return fakegram.Message{}
	}
	return all[len(all)-1]
}
