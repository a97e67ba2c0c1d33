package main

import (
	"fmt"
	"os"
	"runtime/debug"

	"ekinerja/conversations"
)

// versionCmd prints what this binary is.
type versionCmd struct{}

// Run prints the version and the commit it was built from, when known.
func (versionCmd) Run(io streams) error {
	v, commit := "dev", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if info.Main.Version != "" {
			v = info.Main.Version
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = " " + s.Value
			}
		}
	}
	_, err := fmt.Fprintf(io.out, "ekinerja %s%s\n", v, commit)
	return err
}

// flowCmd works on files of questions.
type flowCmd struct {
	Check flowCheckCmd `cmd:"" help:"Check a file of questions; errors name line and key."`
}

type flowCheckCmd struct {
	File string `arg:"" type:"existingfile" help:"TOML file of questions."`
}

// Run checks the file and says what it holds.
func (c flowCheckCmd) Run(io streams) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	f, err := conversations.ParseFlow(c.File, string(text))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(io.out, "%s: %s, %d questions, no fault found\n", c.File, f.Ref(), len(f.Questions))
	return err
}
