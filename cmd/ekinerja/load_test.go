package main

import (
	"os"
	"strings"
	"testing"
	"time"
)

func TestLoadQuantiles(t *testing.T) {
	t.Parallel()
	var waits []time.Duration
	for i := range 100 {
		waits = append(waits, time.Duration(i+1)*time.Millisecond)
	}
	for q, want := range map[float64]float64{0: 1, 0.5: 51, 0.99: 100, 1: 100} {
		if got := milli(waits, q); got != want {
			t.Errorf("quantile %v is %v ms, want %v", q, got, want)
		}
	}
	if got := milli(nil, 0.5); got != 0 {
		t.Errorf("of nothing it is %v", got)
	}
}

func TestLoadCharges(t *testing.T) {
	t.Parallel()
	r := loadResult{People: 7, Messages: 2000, PeakMB: map[string]float64{}}
	r.charge(usage{ofService: 1, ofPostgres: 2, ofLoad: 5}, usage{ofService: 3, ofPostgres: 5, ofLoad: 9})
	if r.total() != 2.5 {
		t.Errorf("1,000 messages cost %v s, want 2.5: the load itself is not the operator's", r.total())
	}
	r.Lost, r.Wrong = 1, "was told: tidak"
	table := loadTable([]loadResult{r})
	for _, want := range []string{"2.50", "was told: tidak", "CPU s/1000"} {
		if !strings.Contains(table, want) {
			t.Errorf("the table lacks %q:\n%s", want, table)
		}
	}
}

func TestProcessIsItsOwnFamily(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		if _, ok := statOf(os.Getpid()); ok {
			t.Error("a process was found without /proc")
		}
		return
	}
	s, ok := statOf(os.Getpid())
	if !ok || s.parent != os.Getppid() {
		t.Errorf("statOf = %+v, %v; parent is %d", s, ok, os.Getppid())
	}
	if mb := memoryOf(os.Getpid()); mb <= 1 {
		t.Errorf("memory is %v MB", mb)
	}
	if _, ok := statOf(1 << 30); ok {
		t.Error("a process was found that cannot be")
	}
}
