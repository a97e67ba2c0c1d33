package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/store"
)

// preflightCmd looks at a coming day.
type preflightCmd struct {
	config
	Date roster.Day `help:"Which day (YYYY-MM-DD); the next working day when left out."`
	JSON bool       `name:"json" help:"Print JSON."`
}

// Run prints what is ahead. Something to mend is an error, so that the exit code tells.
func (c preflightCmd) Run(ctx context.Context, io streams) error {
	return c.with(ctx, io, func(d desk) error {
		db := store.Jobs{Store: d.db}
		days, err := db.Calendar(ctx)
		if err != nil {
			return err
		}
		calendar := d.settings.policy.Calendar(days)
		if c.Date.IsZero() {
			c.Date = calendar.NextWorkday(roster.FiveDays, d.today)
		}
		p, err := jobs.LookAhead(ctx, db, d.settings.policy, calendar, c.Date)
		if err != nil {
			return err
		}
		if c.JSON {
			out := json.NewEncoder(io.out)
			out.SetIndent("", "  ")
			err = out.Encode(p)
		} else {
			d.showAhead(p)
		}
		if err == nil && p.Wrong() {
			err = fmt.Errorf("something should be mended before %s", p.Day)
		}
		return err
	})
}

func (d desk) showAhead(p jobs.Preflight) {
	d.printf("%s: %d people will be asked\n", p.Day, p.Asked())
	for _, ring := range p.Circles {
		d.printf("WRONG they lead each other in a circle: %s\n", strings.Join(ring, " → "))
	}
	for _, m := range p.Roles {
		if m.OPD == "" {
			d.printf("note  nobody of the personnel office has a chat: ekinerja roster role grant NIP hr\n")
			continue
		}
		d.printf("note  %s has no administrator with a chat: ekinerja roster role grant NIP opd_admin --opd '%s'\n", m.OPD, m.OPD)
	}
	for _, o := range p.Offices {
		mark := "ok   "
		if o.Wrong() {
			mark = "note "
		}
		d.printf("%s %s: %d people, %d with a chat, %d will be asked\n", mark, o.OPD, o.People, o.Enrolled, o.Asked)
		line := func(n int, what string, who []string) {
			if n > 0 {
				names := ""
				if len(who) > 0 {
					names = ": " + strings.Join(who, "; ")
				}
				d.printf("        %d %s%s\n", n, what, names)
			}
		}
		line(o.Unreached, "owe a report and have no chat: ekinerja roster invite --opd '"+o.OPD+"'", nil)
		line(o.Heads, "lead people and have no chat", o.HeadsWho)
		line(o.Alone, "have no superior and lead nobody", o.AloneWho)
		line(o.Left, "are led by somebody who has left", nil)
	}
}
