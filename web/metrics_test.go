package web_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"ekinerja/web"
)

// figures are metrics with everything in them that serve puts there.
func figures() *web.Metrics {
	m := web.NewMetrics()
	m.Jobs([]string{"ask", "escalate", "verify"})
	m.Now(web.State{Ready: true, Broken: map[string]int64{"I1": 0}})
	m.Pool(func() web.PoolState {
		return web.PoolState{Acquired: 3, Idle: 4, Most: 12, Waits: 5, Waited: 1500 * time.Millisecond}
	})
	return m
}

func scrape(t *testing.T, m *web.Metrics) string {
	t.Helper()
	_, body, _ := get(t, web.Ops(web.OpsConfig{Metrics: m}), "/metrics")
	return body
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	m := figures()
	m.Received("text")
	m.Refused()
	m.Handled(0.01, nil)
	m.Handled(0.02, errors.New("no row"))
	m.Reported(2, 1, 95)
	m.Session(true)
	m.Session(false)
	m.Sent("sent", "reply", 0.1)
	m.Waited("account", 0.04)
	m.Ran("ask", true, -1, nil)
	m.Ran("ask", false, -1, nil)
	m.Ran("escalate", true, 42, nil)
	m.Ran("escalate", false, 43, errors.New("no row"))
	m.Now(web.State{
		Inbox: map[string]int64{"new": 2, "quarantined": 1}, Outbox: map[string]int64{"pending": 3, "unclear": 1},
		InboxOldest: 12500 * time.Millisecond, Overdue: time.Minute, Ready: true, Redis: true, Elsewhere: true, Ahead: -6 * time.Second, Verified: time.Unix(1_800_000_000, 0),
		Broken: map[string]int64{"I1": 0, "I15": 2}, Heard: time.UnixMilli(1_800_000_000_500),
	})
	body := scrape(t, m)
	for _, want := range []string{
		`ekinerja_inbox_received_total{kind="text"} 1`, `ekinerja_inbox_received_total{kind="tap"} 0`,
		`ekinerja_report_messages_bucket{le="1"} 0`, `ekinerja_report_messages_bucket{le="2"} 1`, `ekinerja_report_taps_sum 1`, `ekinerja_report_seconds_sum 95`,
		`ekinerja_webhook_refused_total 1`, `ekinerja_turns_total{result="done"} 1`, `ekinerja_turns_total{result="failed"} 1`, `ekinerja_turn_seconds_count 2`,
		`ekinerja_session_lookups_total{result="hit"} 1`, `ekinerja_session_lookups_total{result="miss"} 1`,
		`ekinerja_sends_total{class="reply",outcome="sent"} 1`, `ekinerja_sends_total{class="summary",outcome="throttled"} 0`,
		`ekinerja_send_seconds_sum{class="reply"} 0.1`, `ekinerja_send_wait_seconds_sum{class="account"} 0.04`,
		`ekinerja_job_runs_total{result="done",task="ask"} 1`, `ekinerja_job_runs_total{result="idle",task="ask"} 1`,
		`ekinerja_job_runs_total{result="failed",task="escalate"} 1`, `ekinerja_job_lateness_seconds_sum{task="escalate"} 42`,
		`ekinerja_job_lateness_seconds_count{task="ask"} 0`,
		`ekinerja_inbox_messages{state="new"} 2`, `ekinerja_inbox_messages{state="quarantined"} 1`, `ekinerja_inbox_oldest_seconds 12.5`,
		`ekinerja_verify_run_timestamp_seconds 1.8e+09`, `ekinerja_verify_findings{invariant="I1"} 0`, `ekinerja_verify_findings{invariant="I15"} 2`,
		`ekinerja_outbox_messages{state="pending"} 3`, `ekinerja_outbox_messages{state="sending"} 0`, `ekinerja_question_overdue_seconds 60`,
		`ekinerja_ready 1`, `ekinerja_updates_elsewhere 1`, `ekinerja_clock_ahead_seconds -6`, `ekinerja_redis_up 1`, `ekinerja_network_heard_timestamp_seconds 1.8000000005e+09`,
		`ekinerja_pool_connections{state="acquired"} 3`, `ekinerja_pool_connections{state="idle"} 4`, `ekinerja_pool_most_connections 12`,
		`ekinerja_pool_waits_total 5`, `ekinerja_pool_wait_seconds_total 1.5`,
		`go_goroutines`, `go_build_info`, `process_resident_memory_bytes`,
	} {
		if !strings.Contains(body, want+"\n") && !strings.Contains(body, "\n"+want) {
			t.Errorf("no %s", want)
		}
	}
}

// When the database cannot be asked, an empty queue must not be claimed.
func TestMetricsWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	m := figures()
	m.Now(web.State{Outbox: map[string]int64{"unclear": 4}, InboxOldest: time.Minute, Ready: true, Redis: true})
	m.Now(web.State{})
	body := scrape(t, m)
	for _, want := range []string{
		`ekinerja_outbox_messages{state="unclear"} 4`, "ekinerja_inbox_oldest_seconds 60", "ekinerja_ready 0", "ekinerja_redis_up 0",
	} {
		if !strings.Contains(body, want+"\n") {
			t.Errorf("no %s", want)
		}
	}
	m.Now(web.State{Ready: true})
	if body := scrape(t, m); !strings.Contains(body, `ekinerja_outbox_messages{state="unclear"} 0`) {
		t.Error("a state that has emptied is still counted")
	}
}

// Names and units follow Prometheus' conventions; the runtime's own are not ours.
func TestMetricNamesAreLinted(t *testing.T) {
	t.Parallel()
	problems, err := promlint.New(strings.NewReader(scrape(t, figures()))).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "ekinerja_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}
