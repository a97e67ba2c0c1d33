package main

import (
	"bytes"
	"fmt"
	"os"

	"ekinerja/jobs"
	"ekinerja/scoring"
)

// scorer makes scores by what is configured.
func (s settings) scorer() jobs.Scorer {
	return jobs.Scorer{Rubrics: s.rubrics, Attend: s.policy.Attend, Loc: s.loc}
}

// scoreCmd works on the rules of scoring and on what they made.
type scoreCmd struct {
	Check   scoreCheckCmd   `cmd:"" help:"Check a file of scoring rules and print what is in force from when."`
	Explain scoreExplainCmd `cmd:"" help:"Say what a person's month is made of, day by day."`
	Replay  scoreReplayCmd  `cmd:"" help:"Compare what was booked with what another rule would have made of the same days; changes nothing."`
	Profile scoreProfileCmd `cmd:"" help:"Print a scoring rule that comes with the program, to start from: ${profiles}."`
}

type scoreCheckCmd struct {
	File string `arg:"" type:"existingfile" help:"TOML file of rubrics."`
}

// Run says which line and key is wrong, or what the file holds.
func (c scoreCheckCmd) Run(io streams) error {
	raw, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	rubrics, err := scoring.ParseAll(bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("%w: %s: %w", errConfig, c.File, err)
	}
	if len(rubrics) == 0 {
		return fmt.Errorf("%w: %s: there is no [[rubric]] in it", errConfig, c.File)
	}
	for _, r := range rubrics {
		until := "until replaced"
		if !r.To.IsZero() {
			until = "until " + r.To.String()
		}
		_, _ = fmt.Fprintf(io.out, "ok  %s %s  from %s %s  rule %s\n    %s\n", r.Name, r.Version, r.From, until, r.Hash(), r.Basis)
	}
	return nil
}

type scoreProfileCmd struct {
	Name string `arg:"" help:"One of ${profiles}." enum:"${profiles}"`
}

// Run prints the file of the profile.
func (c scoreProfileCmd) Run(io streams) error {
	_, err := io.out.Write(scoring.Profile(c.Name))
	return err
}
