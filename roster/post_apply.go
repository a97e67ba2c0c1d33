package roster

import "slices"

// WithPosts is what the facts become on a day: the posts of the file are what it
// says, and from that day on exactly those hold them whom it names. It also
// settles, in entries, since when each holder has been there and each superior
// post has been that one.
func (f CommandFacts) WithPosts(entries []PostEntry, day Day) CommandFacts {
	f.Posts, f.Assignments, f.Above = slices.Clone(f.Posts), slices.Clone(f.Assignments), slices.Clone(f.Above)
	id := map[string]PostID{}
	next := PostID(1)
	for _, p := range f.Posts {
		id[p.Code], next = p.ID, max(next, p.ID+1)
	}
	for _, e := range entries {
		if _, ok := id[e.Code]; !ok {
			id[e.Code] = next
			f.Posts = append(f.Posts, Post{ID: next, Code: e.Code})
			next++
		}
	}
	for _, e := range entries {
		i := slices.IndexFunc(f.Posts, func(p Post) bool { return p.ID == id[e.Code] })
		f.Posts[i] = Post{ID: id[e.Code], Code: e.Code, Name: e.Name, OPD: e.OPD, Unit: e.Unit}
		if e.Above != nil {
			f.Above = below(f.Above, id[e.Code], id[e.Above.Code], e.Above, day)
		}
		since(e.Holders, f.Assignments, id[e.Code], day)
		f.Assignments = endOn(f.Assignments, day, func(a Assignment) bool { return a.Post == id[e.Code] })
		for _, h := range e.Holders {
			f.Assignments = slices.DeleteFunc(f.Assignments, func(a Assignment) bool {
				return a.Post == id[e.Code] && a.Employee == h.Employee && a.Kind == h.Kind && a.From == h.From
			})
			f.Assignments = append(f.Assignments, Assignment{id[e.Code], h.Employee, h.Kind, h.From, h.To, h.Letter})
		}
	}
	return f
}

// since fills in the first days that a file leaves open.
func since(holders []Holder, before []Assignment, post PostID, day Day) {
	for i, h := range holders {
		if !h.From.IsZero() {
			continue
		}
		holders[i].From = day
		for _, a := range before {
			if a.Post == post && a.Employee == h.Employee && a.Kind == h.Kind && a.holds(day) {
				holders[i].From = a.From
			}
		}
	}
}

// endOn ends assignments the day before; those that would begin later are taken back.
func endOn(all []Assignment, day Day, which func(Assignment) bool) []Assignment {
	var out []Assignment
	for _, a := range all {
		if !which(a) || !a.To.IsZero() && a.To.Before(day) {
			out = append(out, a)
			continue
		}
		if a.From.Before(day) {
			a.To = day.Add(-1)
			out = append(out, a)
		}
	}
	return out
}

// below puts a post below another from a day on and takes back what was planned
// for later. It also settles that day, when the file leaves it open.
func below(links []PostLink, post, superior PostID, above *Above, day Day) []PostLink {
	if above.From.IsZero() {
		above.From = day
		for _, l := range links {
			if l.Post == post && l.Superior == superior && l.holds(day) {
				above.From = l.From
			}
		}
	}
	var out []PostLink
	for _, l := range links {
		switch {
		case l.Post != post || !l.To.IsZero() && l.To.Before(above.From):
			out = append(out, l)
		case l.From.Before(above.From):
			l.To = above.From.Add(-1)
			out = append(out, l)
		}
	}
	if superior == 0 {
		return out
	}
	return append(out, PostLink{Post: post, Superior: superior, From: above.From})
}

// superiors are the codes of posts with that of the post above, on a day.
func (f CommandFacts) superiors(code map[PostID]string, day Day) map[string]string {
	links := map[PostID][]PostLink{}
	for _, l := range f.Above {
		links[l.Post] = append(links[l.Post], l)
	}
	up := map[string]string{}
	for post, list := range links {
		if s := superiorPost(list, day); s != 0 {
			up[code[post]] = code[s]
		}
	}
	return up
}

// clonePosts are entries that may be settled without a trace.
func clonePosts(entries []PostEntry) []PostEntry {
	out := slices.Clone(entries)
	for i, e := range out {
		out[i].Holders = slices.Clone(e.Holders)
		if e.Above != nil {
			above := *e.Above
			out[i].Above = &above
		}
	}
	return out
}
