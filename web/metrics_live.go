package web

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// State is how the service stands at one moment.
type State struct {
	Inbox, Outbox map[string]int64 // messages by state
	// InboxOldest is the age of the oldest message that nobody has handled.
	InboxOldest time.Duration
	// Overdue is how late the oldest question is that nobody has asked yet.
	Overdue time.Duration
	// Pressure is how often limits on single chats were met in the last hour:
	// "enrolment" refused, messages beyond the "pace".
	Pressure map[string]int64
	// Ready says that the database takes writes and could be asked for the queues,
	// Redis that it answers.
	Ready, Redis bool
	// Heard is when updates were last known to reach us, zero for never.
	Heard time.Time
	// Elsewhere says that another program has the updates of our bot posted to itself.
	Elsewhere bool
	// Verified is when the database was last looked through for broken promises,
	// zero for never; Broken has every promise, with the rows that broke it then.
	Verified time.Time
	Broken   map[string]int64
	// Ahead is how far our clock is ahead of the database server's; below zero it is behind.
	Ahead time.Duration
}

// PoolState is how the connections to the database are used; the last two count
// from the start on.
type PoolState struct {
	Acquired, Idle, Most int32
	Waits                int64
	Waited               time.Duration
}

// live are the figures of the last [State].
type live struct {
	inbox, outbox *prometheus.GaugeVec
	pressure      *prometheus.GaugeVec
	oldest        prometheus.Gauge
	overdue       prometheus.Gauge
	ready, redis  prometheus.Gauge
	heard         prometheus.Gauge
	elsewhere     prometheus.Gauge
	ahead         prometheus.Gauge
	verified      prometheus.Gauge
	broken        *prometheus.GaugeVec
}

func newLive() live {
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
	}
	states := func(name, help string, known ...string) *prometheus.GaugeVec {
		g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, []string{"state"})
		for _, s := range known {
			g.WithLabelValues(s)
		}
		return g
	}
	pressure := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "ekinerja_pressure_last_hour", Help: "How often limits on single chats were met in the last hour, by limit.",
	}, []string{"limit"})
	for _, limit := range limits() {
		pressure.WithLabelValues(limit)
	}
	return live{
		pressure: pressure,
		inbox:    states("ekinerja_inbox_messages", "Messages in that are not settled, by state.", "new", "quarantined"),
		outbox:   states("ekinerja_outbox_messages", "Messages out that are not settled, by state.", "pending", "sending", "unclear"),
		oldest:   gauge("ekinerja_inbox_oldest_seconds", "Age of the oldest message that nobody has handled yet."),
		overdue:  gauge("ekinerja_question_overdue_seconds", "How late the oldest question is that should have been asked and was not."),
		ready:    gauge("ekinerja_ready", "1 when the database takes writes and answers."),
		redis:    gauge("ekinerja_redis_up", "1 when Redis answers."),
		heard:    gauge("ekinerja_network_heard_timestamp_seconds", "When updates were last known to reach us, in Unix time; 0 for never."),
		verified: gauge("ekinerja_verify_run_timestamp_seconds", "When the database was last looked through for broken promises, in Unix time; 0 for never."),
		broken: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "ekinerja_verify_findings", Help: "Rows that broke a promise at the last look, by promise.",
		}, []string{"invariant"}),
		elsewhere: gauge("ekinerja_updates_elsewhere", "1 when another program has the updates of our bot posted to itself."),
		ahead:     gauge("ekinerja_clock_ahead_seconds", "How far our clock is ahead of the database server's; below zero it is behind."),
	}
}

func (l live) all() []prometheus.Collector {
	return []prometheus.Collector{l.inbox, l.outbox, l.pressure, l.oldest, l.overdue, l.ready, l.redis, l.heard, l.elsewhere, l.ahead, l.verified, l.broken}
}

// limits are the labels of pressure.
func limits() []string { return []string{"enrolment", "pace"} }

// Now sets how the service stands. States that are missing are empty; when the
// service is not ready, what the database would know keeps its last figure.
func (m *Metrics) Now(s State) {
	l := m.live
	l.ready.Set(number(s.Ready))
	l.redis.Set(number(s.Redis))
	l.elsewhere.Set(number(s.Elsewhere))
	l.ahead.Set(s.Ahead.Seconds())
	if !s.Heard.IsZero() {
		l.heard.Set(float64(s.Heard.UnixMilli()) / 1000)
	}
	if !s.Ready {
		return
	}
	setAll(l.inbox, s.Inbox, "new", "quarantined")
	setAll(l.outbox, s.Outbox, "pending", "sending", "unclear")
	setAll(l.pressure, s.Pressure, limits()...)
	l.oldest.Set(s.InboxOldest.Seconds())
	l.overdue.Set(s.Overdue.Seconds())
	if !s.Verified.IsZero() {
		l.verified.Set(float64(s.Verified.Unix()))
	}
	setAll(l.broken, s.Broken)
}

// setAll sets known states also when they are empty.
func setAll(g *prometheus.GaugeVec, counts map[string]int64, known ...string) {
	for _, state := range known {
		g.WithLabelValues(state).Set(0)
	}
	for state, n := range counts {
		g.WithLabelValues(state).Set(float64(n))
	}
}

func number(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// Pool adds the figures of a pool of connections, asked for at every scrape. It
// may be called once.
func (m *Metrics) Pool(now func() PoolState) {
	connections := func(state string, n func(PoolState) int32) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "ekinerja_pool_connections", Help: "Connections to the database, by state.",
			ConstLabels: prometheus.Labels{"state": state},
		}, func() float64 { return float64(n(now())) })
	}
	m.registry.MustRegister(
		connections("acquired", func(p PoolState) int32 { return p.Acquired }),
		connections("idle", func(p PoolState) int32 { return p.Idle }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "ekinerja_pool_most_connections", Help: "Most connections the pool may open.",
		}, func() float64 { return float64(now().Most) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "ekinerja_pool_waits_total", Help: "How often somebody had to wait for a connection.",
		}, func() float64 { return float64(now().Waits) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "ekinerja_pool_wait_seconds_total", Help: "Time spent waiting for a connection.",
		}, func() float64 { return now().Waited.Seconds() }),
	)
}
