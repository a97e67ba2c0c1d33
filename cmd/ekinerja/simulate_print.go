package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"ekinerja/roster"
	"ekinerja/store"
)

type personOnDay struct {
	id  roster.EmployeeID
	day roster.Day
}

// peak is five minutes in which much goes out.
type peak struct {
	At       time.Time `json:"at"`
	Messages int       `json:"messages"`
}

const peakSpan = 5 * time.Minute

// why is the reason of a message, by its key.
func why(m store.Rehearsed) string {
	reasons := map[string]string{
		"ask": "owes a report of that day", "remind": "has sent no report of that day", "escalate": "leads people who are silent",
		"review": "has reports to read", "week": "the week in figures", "team": "the week of the own staff", "group": "the week of the office",
		"eve": "days off begin", "role": "a role began or ended", "preflight": "the next working day, for whoever can mend it",
		"left": "has left", "number": "the number on the roster changed", "unconfirmed": "the new number was not shared",
	}
	name, _, _ := strings.Cut(m.Key, "/")
	if r, ok := reasons[name]; ok {
		return r
	}
	return name
}

// shown is a message as --json prints it.
type shown struct {
	At       time.Time         `json:"at"`
	Kind     string            `json:"kind"`
	Channel  string            `json:"channel"`
	Employee roster.EmployeeID `json:"employee,omitempty"`
	Name     string            `json:"name,omitempty"`
	OPD      string            `json:"opd,omitempty"`
	About    string            `json:"about,omitempty"`
	Why      string            `json:"why"`
	Guarded  bool              `json:"guarded,omitempty"`
	Text     string            `json:"text"`
}

func (r *rehearsal) print(m store.Rehearsed) error {
	about := ""
	if !m.About.IsZero() {
		about = m.About.String()
	}
	at := m.At.In(r.settings.loc)
	if r.cmd.JSON {
		return json.NewEncoder(r.io.out).Encode(shown{at, m.Kind, m.Channel, m.Employee, m.Name, m.OPD, about, why(m), m.Guarded, m.Text})
	}
	who := "the group " + m.Chat.ID
	if m.Employee != 0 {
		who = fmt.Sprintf("%s (%s)", m.Name, m.OPD)
	}
	if about != "" {
		about = " [" + about + "]"
	}
	_, err := fmt.Fprintf(r.io.out, "%s  %-8s  %s  %s: %s%s\n", at.Format("2006-01-02 15.04"), m.Kind, m.Channel, who, why(m), about)
	return err
}

// mostPeaks are shown.
const mostPeaks = 5

func (r *rehearsal) close() error {
	s := &r.sums
	for at, n := range s.spans {
		s.Most = append(s.Most, peak{at.In(r.settings.loc), n})
	}
	slices.SortFunc(s.Most, func(a, b peak) int {
		return cmp.Or(cmp.Compare(b.Messages, a.Messages), a.At.Compare(b.At))
	})
	s.Most = s.Most[:min(mostPeaks, len(s.Most))]
	if r.cmd.JSON {
		return json.NewEncoder(r.io.out).Encode(s)
	}
	p := func(format string, args ...any) { _, _ = fmt.Fprintf(r.io.out, format, args...) }
	p("%s to %s: %d people, %d messages, %d reports came in, at most %d messages to one person a day\n",
		s.From, s.To, s.People, s.Messages, s.Reports, s.ByPerson)
	kinds := make([]string, 0, len(s.Kinds))
	for k := range s.Kinds {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	for _, k := range kinds {
		p("  %-9s %d\n", k, s.Kinds[k])
	}
	for _, x := range s.Most {
		p("  most at %s: %d in five minutes, %.1f a second\n", x.At.Format("2006-01-02 15.04"), x.Messages, float64(x.Messages)/peakSpan.Seconds())
	}
	return nil
}
