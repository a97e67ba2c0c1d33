package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"time"

	"ekinerja/store"
)

// verifyCmd looks for what must never be in the database. It changes nothing
// and may run beside a serving program.
type verifyCmd struct {
	config
	JSON bool `name:"json" help:"Print JSON."`
}

// verification is what a run of verify found.
type verification struct {
	At       time.Time       `json:"at"`
	Checked  int             `json:"checked"`
	Findings []store.Finding `json:"findings"`
	// Chain is the end of the record of changes, to be kept elsewhere.
	Chain store.Chain `json:"chain"`
}

// Run verifies; findings are an error, so that the exit code tells.
func (c verifyCmd) Run(ctx context.Context, io streams) error {
	s, err := c.check()
	if err != nil {
		return err
	}
	db, err := s.openDatabase(ctx, newLog(io.err, slog.LevelWarn), bar[int64](io.err, "fetching PostgreSQL"))
	if err != nil {
		return err
	}
	defer db.Close()
	v := verification{At: newClock(s.ClockOffset).Now().UTC(), Checked: len(store.Invariants()), Findings: []store.Finding{}}
	found, err := db.Verify(ctx, v.At, s.rubrics)
	if err != nil {
		return err
	}
	v.Findings = append(v.Findings, found...)
	lost, err := db.VerifyBlobs(ctx, s.blobs)
	if err != nil {
		return err
	}
	if lost.Count > 0 {
		v.Findings = append(v.Findings, lost)
	}
	if v.Chain, err = db.Chain(ctx); err != nil {
		return err
	}
	if err := v.write(io.out, c.JSON); err != nil {
		return err
	}
	if n := len(v.Findings); n > 0 {
		return fmt.Errorf("%d of %d promises do not hold", n, v.Checked)
	}
	return nil
}

func (v verification) write(w io.Writer, asJSON bool) error {
	if asJSON {
		out := json.NewEncoder(w)
		out.SetIndent("", "  ")
		return out.Encode(v)
	}
	broken := map[string]store.Finding{}
	for _, f := range v.Findings {
		broken[f.ID] = f
	}
	for _, i := range store.Invariants() {
		line := "ok    none: " + i.Name
		if f, is := broken[i.ID]; is {
			line = fmt.Sprintf("WRONG %d: %s; such as %s", f.Count, i.Name, f.Example)
		}
		if _, err := fmt.Fprintf(w, "%-4s %s\n", i.ID, line); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "record of changes: %d lines, ends with %s\n", v.Chain.Lines, v.Chain.Hash)
	return err
}
