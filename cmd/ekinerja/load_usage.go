package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"text/tabwriter"
)

// loadResult is one measurement. Times are milliseconds, rates are per second.
type loadResult struct {
	People     int     `json:"people"`
	InDatabase int     `json:"people_in_database"`
	Mode       string  `json:"mode"`
	Machine    string  `json:"machine"`
	Seconds    float64 `json:"seconds"`
	Messages   int     `json:"messages"`
	In         float64 `json:"messages_in_per_second"`
	Out        float64 `json:"messages_out_per_second"`
	Reports    float64 `json:"reports_per_second"`
	// From the tap of a finger to the answer on the same phone.
	P50     float64 `json:"p50_ms"`
	P95     float64 `json:"p95_ms"`
	P99     float64 `json:"p99_ms"`
	Longest float64 `json:"longest_ms"`
	// CPU is the seconds of CPU per 1,000 inbound messages, by process.
	CPU map[string]float64 `json:"cpu_seconds_per_1000_in"`
	// PeakMB is the most memory seen: of Postgres without counting twice what
	// its processes share.
	PeakMB map[string]float64 `json:"peak_mb"`
	// Lost are people who got something they did not expect and stopped.
	Lost       int    `json:"people_lost"`
	Wrong      string `json:"wrong,omitempty"`
	Violations int    `json:"api_violations"`
}

// The processes that are told apart.
const (
	ofService  = "service"
	ofPostgres = "postgres"
	ofRedis    = "redis"
	ofLoad     = "load"
)

// usage is the CPU seconds that each has used so far.
type usage map[string]float64

// charge divides what was used by what came in.
func (r *loadResult) charge(before, after usage) {
	r.CPU = map[string]float64{}
	for who := range after {
		r.CPU[who] = (after[who] - before[who]) * 1000 / max(float64(r.Messages), 1)
	}
}

// total is the CPU of all that an operator would run.
func (r loadResult) total() float64 { return r.CPU[ofService] + r.CPU[ofPostgres] + r.CPU[ofRedis] }

func (r loadResult) line() string {
	return fmt.Sprintf("%d people: %.0f in/s, p50 %.0f ms, p99 %.0f ms, %.2f CPU s per 1,000", r.People, r.In, r.P50, r.P99, r.total())
}

func loadTable(all []loadResult) string {
	var buf bytes.Buffer
	w := tabwriter.NewWriter(&buf, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(cells ...any) {
		for _, c := range cells {
			_, _ = fmt.Fprintf(w, "%v\t", c) // a buffer never fails
		}
		_, _ = fmt.Fprintln(w)
	}
	row("people", "in database", "in/s", "out/s", "reports/s", "p50 ms", "p95 ms", "p99 ms",
		"CPU s/1000", "service", "postgres", "redis", "load", "service MB", "postgres MB", "lost")
	f := func(format string, v float64) string { return fmt.Sprintf(format, v) }
	for _, r := range all {
		row(r.People, r.InDatabase, f("%.0f", r.In), f("%.0f", r.Out), f("%.0f", r.Reports),
			f("%.0f", r.P50), f("%.0f", r.P95), f("%.0f", r.P99), f("%.2f", r.total()),
			f("%.2f", r.CPU[ofService]), f("%.2f", r.CPU[ofPostgres]), f("%.2f", r.CPU[ofRedis]), f("%.2f", r.CPU[ofLoad]),
			f("%.0f", r.PeakMB[ofService]), f("%.0f", r.PeakMB[ofPostgres]), r.Lost)
	}
	_ = w.Flush()
	if n := len(all); n > 0 {
		fmt.Fprintf(&buf, "%s; mode %s; %.0f s each\n", all[n-1].Machine, all[n-1].Mode, all[n-1].Seconds)
		if wrong := all[n-1].Wrong; wrong != "" {
			fmt.Fprintf(&buf, "somebody stopped: %s\n", wrong)
		}
	}
	return buf.String()
}

// machine says on what this was measured.
func machine() string {
	model := "unknown CPU"
	info, _ := os.ReadFile("/proc/cpuinfo") // elsewhere: unknown
	for line := range strings.Lines(string(info)) {
		if name, found := strings.CutPrefix(line, "model name"); found {
			model = strings.TrimLeft(strings.TrimSpace(name), ": \t")
			break
		}
	}
	return fmt.Sprintf("%d × %s, shared by service, Postgres, Redis and load", runtime.NumCPU(), model)
}

// clockTicks is the kernel's USER_HZ, the same on every Linux there is.
const clockTicks = 100

// procStat is what we need of /proc/<pid>/stat.
type procStat struct {
	parent        int
	own, children float64 // CPU seconds; of the children, those that have ended
}

// statOf reads a process; false when it is gone, or where there is no /proc.
func statOf(pid int) (procStat, bool) {
	raw, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return procStat{}, false
	}
	_, rest, _ := strings.Cut(string(raw), ") ") // a name may hold spaces, ours do not
	f := strings.Fields(rest)
	const ppid, utime, stime, cutime, cstime = 1, 11, 12, 13, 14
	if len(f) <= cstime {
		return procStat{}, false
	}
	n := func(i int) float64 {
		v, _ := strconv.ParseFloat(f[i], 64) // the kernel's own numbers
		return v
	}
	return procStat{
		parent: int(n(ppid)), own: (n(utime) + n(stime)) / clockTicks, children: (n(cutime) + n(cstime)) / clockTicks,
	}, true
}

// family is a process and its children that live.
func family(parent int) []int {
	pids := []int{parent}
	dirs, _ := filepath.Glob("/proc/[0-9]*") // the pattern is right
	for _, d := range dirs {
		pid, err := strconv.Atoi(filepath.Base(d))
		if err != nil {
			continue
		}
		if s, ok := statOf(pid); ok && s.parent == parent {
			pids = append(pids, pid)
		}
	}
	return pids
}

// cpuOf is the CPU seconds of a process and of all its children, living or not.
func cpuOf(parent int) (seconds float64) {
	for _, pid := range family(parent) {
		s, _ := statOf(pid)
		seconds += s.own
		if pid == parent {
			seconds += s.children
		}
	}
	return seconds
}

// memoryOf is the megabytes of a process and its children; what they share is
// counted once.
func memoryOf(parent int) (mb float64) {
	for _, pid := range family(parent) {
		raw, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "smaps_rollup")) // gone: nothing
		for line := range strings.Lines(string(raw)) {
			if f := strings.Fields(line); len(f) > 1 && f[0] == "Pss:" {
				kb, _ := strconv.ParseFloat(f[1], 64) // the kernel's own numbers
				mb += kb / 1024
			}
		}
	}
	return mb
}
