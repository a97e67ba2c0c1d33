package fakewa

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails if a server leaves a goroutine behind after Close.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
