package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"ekinerja/migrations"
	"ekinerja/store/storetest"
)

// furtherStep is what a step of the next version may do: add, never take away.
const furtherStep = `SET lock_timeout = '5s';
	ALTER TABLE inbox ADD COLUMN further%[1]d integer NOT NULL DEFAULT 7;
	ALTER TABLE outbox ADD COLUMN further%[1]d text NOT NULL DEFAULT 'x';
	ALTER TABLE duty ADD COLUMN further%[1]d timestamptz;
	ALTER TABLE report ADD COLUMN further%[1]d boolean NOT NULL DEFAULT false;
	ALTER TABLE activity ADD COLUMN further%[1]d integer NOT NULL DEFAULT 0;
	ALTER TABLE employee ADD COLUMN further%[1]d text NOT NULL DEFAULT '';
	CREATE TABLE further%[1]d (id bigint PRIMARY KEY)`

// upgradeOne replaces one of two replicas by what stands for the next version: it
// starts on the wider tables and knows them. The old one serves beside it, with
// the statements it prepared before. An old one that is started after the step
// refuses, as it must, and changes nothing.
func upgradeOne(r *rig, n int) outcome {
	r.begin()
	r.live(load)
	o := outcome{errorsLogged: true} // the old one that is started anew says why it ends
	for i := range n {
		r.killOne(1)
		storetest.Exec(r.t, r.url, fmt.Sprintf(furtherStep, i))
		r.begin()
		r.live(load)
		storetest.Exec(r.t, r.url, fmt.Sprintf(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (%d, true)`, migrations.Latest()+1))
		r.live(load)
		// The old one dies and comes back: it is older than the database now.
		r.killOne(0)
		r.startOne(0)
		select {
		case <-r.lives[0].ended:
			if r.lives[0].err == nil {
				o.blame("an old program ended well on a newer database")
			}
		case <-time.After(20 * time.Second):
			o.blame("an old program did not refuse the newer database")
		}
		r.killOne(0)
		r.live(load) // the new one alone
		storetest.Exec(r.t, r.url, fmt.Sprintf(`DELETE FROM goose_db_version WHERE version_id = %d`, migrations.Latest()+1))
		r.begin() // from here on it is a new one too
		r.live(load)
	}
	r.watch.heals()
	log, err := os.ReadFile(r.host.log.Name())
	if err != nil {
		r.t.Fatal(err)
	}
	if said := strings.Count(string(log), migrations.ErrNewer.Error()); said != n {
		o.blame("%d refusals named the reason, want %d", said, n)
	}
	o.note = "the old one served on; started anew it refused"
	return o
}
