package web

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the service's figures for Prometheus. Labels are closed sets,
// never ids or words.
type Metrics struct {
	registry *prometheus.Registry
	handled  *prometheus.CounterVec
	turn     prometheus.Histogram
	sent     *prometheus.CounterVec
	send     *prometheus.HistogramVec
	oldest   prometheus.Gauge
	outbox   *prometheus.GaugeVec
}

// NewMetrics makes the figures on a registry of their own.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		handled: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ekinerja_turns_total", Help: "Messages handled, by result.",
		}, []string{"result"}),
		turn: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "ekinerja_turn_seconds", Help: "Time to handle one message, commit included.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 14),
		}),
		sent: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ekinerja_sends_total", Help: "Tries to send, by outcome and class.",
		}, []string{"outcome", "class"}),
		send: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ekinerja_send_seconds", Help: "Time of one send at the network, by class.",
			Buckets: prometheus.ExponentialBuckets(0.005, 2, 13),
		}, []string{"class"}),
		oldest: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "ekinerja_inbox_oldest_seconds", Help: "Age of the oldest message that nobody has handled yet.",
		}),
		outbox: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "ekinerja_outbox_messages", Help: "Messages out that are not settled, by state.",
		}, []string{"state"}),
	}
	m.registry.MustRegister(m.handled, m.turn, m.sent, m.send, m.oldest, m.outbox,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handled counts a handled message and its time in seconds.
func (m *Metrics) Handled(seconds float64, err error) {
	result := "done"
	if err != nil {
		result = "failed"
	}
	m.handled.WithLabelValues(result).Inc()
	m.turn.Observe(seconds)
}

// Sent counts a try to send: its outcome, its class and its time in seconds.
func (m *Metrics) Sent(outcome, class string, seconds float64) {
	m.sent.WithLabelValues(outcome, class).Inc()
	m.send.WithLabelValues(class).Observe(seconds)
}

// Queues sets what waits: the age of the oldest unhandled message in seconds,
// and the unsettled messages out by state.
func (m *Metrics) Queues(oldestSeconds float64, outbox map[string]int64) {
	m.oldest.Set(oldestSeconds)
	m.outbox.Reset()
	for state, n := range outbox {
		m.outbox.WithLabelValues(state).Set(float64(n))
	}
}

func (m *Metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
