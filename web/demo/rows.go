package demo

import (
	"context"
	"time"
)

// panelView is the structured rows as a table.
type panelView struct {
	Rows   []Row
	Newest int  // index of the newest row, -1 if there is none
	Broken bool // the database did not answer
	Loc    *time.Location
}

func (p *page) panelView(ctx context.Context) panelView {
	v := panelView{Newest: -1, Loc: p.cfg.Location}
	rows, err := p.cfg.Panel.Rows(ctx, panelRows)
	if err != nil {
		if ctx.Err() == nil {
			p.cfg.Log.WarnContext(ctx, "read the panel's rows", "error", err)
		}
		v.Broken = true
		return v
	}
	v.Rows = rows
	for i, r := range rows {
		if v.Newest < 0 || r.At.After(rows[v.Newest].At) {
			v.Newest = i
		}
	}
	return v
}

// sent counts the rows of reports that were sent.
func (v panelView) sent() int {
	n := 0
	for _, r := range v.Rows {
		if r.State != "draf" {
			n++
		}
	}
	return n
}

// hours is "08.15–12.00", or nothing.
func (r Row) hours() string {
	if r.Start == "" && r.End == "" {
		return ""
	}
	return r.Start + "–" + r.End
}
