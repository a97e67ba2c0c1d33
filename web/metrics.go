package web

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"ekinerja/bot"
)

// Metrics are the service's figures for Prometheus. Labels are closed sets,
// never ids or words, and every series is there from the start, at zero: the
// first failure is a rise from 0 and not a series that nobody has seen before.
type Metrics struct {
	registry *prometheus.Registry

	received *prometheus.CounterVec
	refused  prometheus.Counter
	handled  *prometheus.CounterVec
	turn     prometheus.Histogram
	sessions *prometheus.CounterVec

	sent *prometheus.CounterVec
	send *prometheus.HistogramVec
	wait *prometheus.HistogramVec

	runs     *prometheus.CounterVec
	lateness *prometheus.HistogramVec

	burden burden

	live live
}

// NewMetrics makes the figures on a registry of their own.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		received: counters("ekinerja_inbox_received_total", "Messages taken in, by kind; repeated deliveries count again.", "kind"),
		refused: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "ekinerja_webhook_refused_total", Help: "Posts to the webhook without the secret.",
		}),
		handled: counters("ekinerja_turns_total", "Messages handled, by result.", "result"),
		turn: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "ekinerja_turn_seconds", Help: "Time to handle one message, commit included.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 14),
		}),
		sessions: counters("ekinerja_session_lookups_total", "Sessions needed for a message, by whether the copy in Redis served.", "result"),
		sent:     counters("ekinerja_sends_total", "Tries to send, by outcome and class.", "outcome", "class"),
		send: histograms("ekinerja_send_seconds", "Time of one send at the network, by class.", "class",
			prometheus.ExponentialBuckets(0.005, 2, 13)),
		wait: histograms("ekinerja_send_wait_seconds", "Waits that the rate limit imposed, by class; account: before a message was chosen.", "class",
			prometheus.ExponentialBuckets(0.001, 4, 9)),
		// "job" is what Prometheus itself calls the thing it scrapes.
		runs: counters("ekinerja_job_runs_total", "Runs of jobs, by result.", "task", "result"),
		lateness: histograms("ekinerja_job_lateness_seconds", "How long after its hour a job did its work.", "task",
			[]float64{5, 15, 60, 300, 900, 3600, 4 * 3600, 24 * 3600}),
		burden: newBurden(),
		live:   newLive(),
	}
	m.prepare()
	m.registry.MustRegister(m.received, m.refused, m.handled, m.turn, m.sessions, m.sent, m.send, m.wait, m.runs, m.lateness)
	m.registry.MustRegister(m.burden.all()...)
	m.registry.MustRegister(m.live.all()...)
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewBuildInfoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

func histograms(name, help, label string, buckets []float64) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, []string{label})
}

// prepare makes the series whose labels are known.
func (m *Metrics) prepare() {
	for _, k := range []bot.Kind{
		bot.KindText, bot.KindTap, bot.KindContact, bot.KindMedia, bot.KindEdit, bot.KindBlocked, bot.KindBack, bot.KindMoved, bot.KindOther,
	} {
		m.received.WithLabelValues(string(k))
	}
	for _, result := range []string{"done", "failed"} {
		m.handled.WithLabelValues(result)
	}
	for _, result := range []string{"hit", "miss"} {
		m.sessions.WithLabelValues(result)
	}
	outcomes := []string{
		string(bot.SettledSent), string(bot.Retry), string(bot.Throttled), string(bot.Unclear),
		string(bot.Blocked), string(bot.Moved), string(bot.Final),
	}
	for c := bot.PriorityReply; c <= bot.PrioritySummary; c++ {
		for _, o := range outcomes {
			m.sent.WithLabelValues(o, c.String())
		}
		m.send.WithLabelValues(c.String())
		m.wait.WithLabelValues(c.String())
	}
	m.wait.WithLabelValues("account")
}

// Received counts a message taken in.
func (m *Metrics) Received(kind string) { m.received.WithLabelValues(kind).Inc() }

// Refused counts a post to the webhook without the secret.
func (m *Metrics) Refused() { m.refused.Inc() }

// Handled counts a handled message and its time in seconds.
func (m *Metrics) Handled(seconds float64, err error) {
	result := "done"
	if err != nil {
		result = "failed"
	}
	m.handled.WithLabelValues(result).Inc()
	m.turn.Observe(seconds)
}

// Session counts whether the copy of a session served.
func (m *Metrics) Session(hit bool) {
	result := "miss"
	if hit {
		result = "hit"
	}
	m.sessions.WithLabelValues(result).Inc()
}

// Sent counts a try to send: its outcome, its class and its time in seconds.
func (m *Metrics) Sent(outcome, class string, seconds float64) {
	m.sent.WithLabelValues(outcome, class).Inc()
	m.send.WithLabelValues(class).Observe(seconds)
}

// Waited counts a wait that the rate limit imposed on a class, in seconds.
func (m *Metrics) Waited(class string, seconds float64) {
	m.wait.WithLabelValues(class).Observe(seconds)
}

// Jobs makes the series of the jobs with these names.
func (m *Metrics) Jobs(names []string) {
	for _, job := range names {
		for _, result := range []string{"done", "idle", "failed"} {
			m.runs.WithLabelValues(job, result)
		}
		m.lateness.WithLabelValues(job)
	}
}

// Ran counts a job's run: "done" when it changed something, else "idle". late
// is how many seconds after its hour that was; below 0 when it has none.
func (m *Metrics) Ran(job string, did bool, late float64, err error) {
	result := "idle"
	switch {
	case err != nil:
		result = "failed"
	case did:
		result = "done"
	}
	m.runs.WithLabelValues(job, result).Inc()
	if did && late >= 0 {
		m.lateness.WithLabelValues(job).Observe(late)
	}
}

func (m *Metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
