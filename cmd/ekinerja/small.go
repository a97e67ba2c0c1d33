package main

import (
	"fmt"
	"runtime/debug"
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
