package web

import "github.com/prometheus/client_golang/prometheus"

// burden is what reports cost their writers. Its budget is a median of two
// messages and two taps.
type burden struct {
	messages, taps, seconds prometheus.Histogram
}

func newBurden() burden {
	histogram := func(name, help string, buckets ...float64) prometheus.Histogram {
		return prometheus.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets})
	}
	return burden{
		messages: histogram("ekinerja_report_messages", "Messages a person spent on a report until its first sending.", 1, 2, 3, 4, 6, 10),
		taps:     histogram("ekinerja_report_taps", "Buttons a person pressed for a report until its first sending.", 1, 2, 3, 4, 6, 10),
		seconds: histogram("ekinerja_report_seconds", "Time from a person's first word or tap to the first sending of a report.",
			10, 30, 60, 120, 300, 900, 3600, 4*3600),
	}
}

func (b burden) all() []prometheus.Collector {
	return []prometheus.Collector{b.messages, b.taps, b.seconds}
}

// Reported counts a first sending: the messages and taps that the person spent
// on it, and the seconds from the first of them.
func (m *Metrics) Reported(messages, taps, seconds int) {
	m.burden.messages.Observe(float64(messages))
	m.burden.taps.Observe(float64(taps))
	m.burden.seconds.Observe(float64(seconds))
}
