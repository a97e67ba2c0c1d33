package store

import (
	"testing"

	"ekinerja/bot"
	"ekinerja/roster"
)

// Who has no chat is not looked at at every tick, and is asked as soon as there is one.
func TestUnreachedAreSetAsideUntilTheyHaveAChat(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.person("Sri", "1")
	budi, dewi := o.person("Budi", "2"), o.person("Dewi", "3")
	o.exec("UPDATE address SET state = 'closed', ended_at = now() WHERE chat_id IN ('2', '3')")

	o.want(on(mon, "15.50"), map[string]int{"ask.asked": 1, "ask.unreachable": 2})
	aside := func(id roster.EmployeeID) bool {
		return one[bool](o.stage, "SELECT unreached FROM duty WHERE employee_id = $1 AND day = $2", int64(id), roster.MustDay(mon))
	}
	if !aside(budi) || !aside(dewi) {
		t.Fatal("not set aside")
	}

	if err := o.store.BindAddress(t.Context(), on(mon, "15.51"), budi, bot.Address{Network: bot.Telegram, ID: "22"}); err != nil {
		t.Fatal(err)
	}
	if aside(budi) {
		t.Error("a bound chat left its person aside")
	}
	o.want(on(mon, "15.52"), map[string]int{"ask.asked": 1, "ask.unreachable": 1})
}

// A chat that was bound while its person was being set aside went unseen: the next
// look finds it.
func TestUnreachedByMistakeAreTakenBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	sri := o.person("Sri", "1")
	o.want(on(mon, "07.00"), nil)
	o.exec("UPDATE duty SET unreached = true WHERE employee_id = $1", int64(sri))
	o.want(on(mon, "15.50"), map[string]int{"ask.asked": 1})
}
