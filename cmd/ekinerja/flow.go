package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"ekinerja/conversations"
	"ekinerja/store"
)

// flowCmd works on files of questions.
type flowCmd struct {
	Check flowCheckCmd `cmd:"" help:"Check a file of questions; errors name line and key."`
	Try   flowTryCmd   `cmd:"" help:"Play a file of questions in the terminal; no database is needed."`
}

type flowCheckCmd struct {
	File string `arg:"" type:"existingfile" help:"TOML file of questions."`
}

// Run checks the file and says what it holds.
func (c flowCheckCmd) Run(io streams) error {
	f, err := readFlow(c.File)
	if err != nil {
		return err
	}
	own := 0
	for _, q := range f.Questions {
		if q.Own() {
			own++
		}
	}
	_, err = fmt.Fprintf(io.out, "%s: %s, %d questions, %d of them your own, %d variants, no fault found\n",
		c.File, f.Ref(), len(f.Questions), own, len(f.Variants))
	return err
}

func readFlow(file string) (conversations.Flow, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return conversations.Flow{}, err
	}
	return conversations.ParseFlow(file, string(text))
}

// keepFlow remembers the questions before anybody is asked them: running drafts
// finish with those they were begun with, also after the file has changed.
func (a *app) keepFlow(ctx context.Context) error {
	f := a.s.flow
	err := a.store.KeepFlow(ctx, f, a.clock.Now())
	if errors.Is(err, store.ErrFlowChanged) {
		return fmt.Errorf("%w: EKINERJA_FLOW: %s has been served with other questions, and drafts and reports name it; "+
			"write version = %d into the file, or take the change back", errConfig, f.Ref(), f.Version+1)
	}
	return err
}
