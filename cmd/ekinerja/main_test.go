package main

import (
	"io"
	"os"
	"testing"
)

// childEnv, when set, makes this test binary the program itself: a crash test
// needs a process that can be killed, and this one is built already, with the
// race detector if the tests are.
const childEnv = "EKINERJA_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		go endWithParent()
		main()
	}
	os.Exit(m.Run())
}

// endWithParent ends the child when the pipe from its parent breaks: no test,
// however it ends, leaves a server behind.
func endWithParent() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(3)
}
