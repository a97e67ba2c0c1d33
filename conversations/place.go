package conversations

import (
	"maps"
	"slices"

	"ekinerja/roster"
)

// Place is the number by which messages and buttons mean an activity. It stays
// the activity's own when others before it are dropped, and is never given twice
// to one person: an old question or button reaches its activity or none.

// place is the number of the activity at i.
func (s *Session) place(i int) int {
	s.number()
	if i < 0 || i >= len(s.Places) {
		return i
	}
	return s.Places[i]
}

// whose is the index of the activity with that number, -1 when it is gone.
func (s *Session) whose(place int) int {
	s.number()
	return slices.Index(s.Places, place)
}

// number gives numbers to the activities that have none yet.
func (s *Session) number() {
	s.Places = s.Places[:min(len(s.Places), len(s.Items))]
	for len(s.Places) < len(s.Items) {
		s.Places = append(s.Places, s.NextPlace)
		s.NextPlace++
	}
}

// without takes the activity at i out, with all that is kept of it.
func (s *Session) without(i int) {
	s.number()
	s.Items, s.Origins = slices.Delete(s.Items, i, i+1), slices.Delete(s.Origins, i, i+1)
	s.Places = slices.Delete(s.Places, i, i+1)
	s.dropped(i)
	kept := s.Doubts[:0]
	for _, d := range s.Doubts {
		if d.Item == i {
			continue
		}
		if d.Item > i {
			d.Item--
		}
		kept = append(kept, d)
	}
	s.Doubts = kept
}

// clone shares nothing with s that a turn changes: a turn that fails, or is run
// again, begins with what was there.
func (s Session) clone() Session {
	s.Items, s.Origins, s.Doubts = slices.Clone(s.Items), slices.Clone(s.Origins), slices.Clone(s.Doubts)
	s.Places, s.Parked = slices.Clone(s.Places), slices.Clone(s.Parked)
	s.Evidence = slices.Clone(s.Evidence)
	s.Asked, s.Extra, s.Ticked = maps.Clone(s.Asked), maps.Clone(s.Extra), slices.Clone(s.Ticked)
	if s.Side != nil {
		side := *s.Side
		s.Side = &side
	}
	return s
}

// ended is what remains of a session whose draft was sent or thrown away: the
// drafts of other days, the numbers that were given, and what was sent last.
func (s *Session) ended() Session {
	s.number()
	return Session{Parked: s.Parked, NextPlace: s.NextPlace, SentFrom: s.SentFrom}
}

// park leaves the open draft where it stands: its questions, and a change of a
// report that was sent, are in no other place.
func (s *Session) park() {
	left := *s
	*s = s.ended()
	if left.Stage != StageIdle && len(left.Items) > 0 {
		left.Parked, left.NextPlace, left.Side, left.SentFrom = nil, 0, nil, nil
		s.Parked = append(s.Parked, left)
	}
}

// holds reports whether the day has a draft here, open or left.
func (s *Session) holds(day roster.Day) bool {
	return s.Day == day || slices.ContainsFunc(s.Parked, func(p Session) bool { return p.Day == day })
}

// resume takes the draft of a day up where it was left; false when it was not.
func (s *Session) resume(day roster.Day) bool {
	i := slices.IndexFunc(s.Parked, func(p Session) bool { return p.Day == day })
	if i < 0 {
		return false
	}
	p := s.Parked[i].clone()
	p.SentFrom = s.SentFrom
	p.Parked, p.NextPlace = slices.Delete(slices.Clone(s.Parked), i, i+1), s.NextPlace
	*s = p
	return true
}

// unpark forgets the drafts of days that are closed; what was stored of them stays.
func (t *turn) unpark() {
	s := &t.out.Session
	s.Parked = slices.DeleteFunc(s.Parked, func(p Session) bool { return !t.open(p.Day) })
	if len(s.Parked) == 0 {
		s.Parked = nil
	}
}

// forget drops what was left of a day.
func (s *Session) forget(day roster.Day) {
	s.Parked = slices.DeleteFunc(s.Parked, func(p Session) bool { return p.Day == day })
}

// precede puts another draft of the same day before this one.
func (s *Session) precede(p Session) {
	s.number()
	p.number()
	for i := range s.Doubts {
		s.Doubts[i].Item += len(p.Items)
	}
	s.Items, s.Origins = slices.Concat(p.Items, s.Items), slices.Concat(p.Origins, s.Origins)
	s.Places, s.Doubts = slices.Concat(p.Places, s.Places), slices.Concat(p.Doubts, s.Doubts)
	s.Evidence = slices.Concat(p.Evidence, shifted(s.Evidence, len(p.Items)))
	s.Guided = s.Guided || p.Guided
	if s.Obstacle == "" {
		s.Obstacle = p.Obstacle
	}
	if p.SaidAt.After(s.SaidAt) {
		s.SaidAt = p.SaidAt
	}
	for key, asked := range p.Asked {
		if asked {
			s.asked(key)
		}
	}
	for key, said := range p.Extra {
		if s.Extra[key] == "" {
			s.Extra = with(s.Extra, key, said)
		}
	}
}

// shifted is evidence of activities that stand n places further.
func shifted(all []Evidence, n int) []Evidence {
	all = slices.Clone(all)
	for k := range all {
		all[k].Items = slices.Clone(all[k].Items)
		for i := range all[k].Items {
			all[k].Items[i] += n
		}
	}
	return all
}

func with(m map[string]string, key, value string) map[string]string {
	if m = maps.Clone(m); m == nil {
		m = map[string]string{}
	}
	m[key] = value
	return m
}
