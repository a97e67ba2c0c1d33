package roster

import "slices"

// PostID is our own key of a post.
type PostID int64

// Post is one chair in the organisation, whoever sits on it. Code is the
// office's own name of it, unique in the city.
type Post struct {
	ID         PostID
	Code, Name string
	OPD, Unit  string
}

// PostLink puts a post below its superior post from..to, both days included; a
// zero To is open. A post without one on a day is at the top then, or only its
// holder's explicit supervisor is known.
type PostLink struct {
	Post, Superior PostID
	From, To       Day
}

func (l PostLink) holds(d Day) bool {
	return !d.Before(l.From) && (l.To.IsZero() || !d.After(l.To))
}

// Holding is by what right somebody holds a post.
type Holding string

// The rights. Plh stands in for a holder who is away, Plt and Pj for one who is
// no more (UU 30/2014 article 14; SE BKN 1/SE/I/2021): they assess performance
// and grant leave, and keep their own post meanwhile.
const (
	Definitive Holding = "definitif"
	Plt        Holding = "plt"
	Plh        Holding = "plh"
	Pj         Holding = "pj"
)

// Holdings are all rights, the one that decides first.
func Holdings() []Holding { return []Holding{Plh, Plt, Pj, Definitive} }

func (h Holding) rank() int { return slices.Index(Holdings(), h) }

// own reports whether the post is the person's own place in the line.
func (h Holding) own() bool { return h == Definitive || h == Pj }

// Assignment puts a person on a post from..to, both days included; a zero To is
// open. A person may hold several posts, a post may have several holders.
type Assignment struct {
	Post     PostID
	Employee EmployeeID
	Kind     Holding
	From, To Day
	Letter   string // number of the letter, may be empty
}

func (a Assignment) holds(d Day) bool {
	return !d.Before(a.From) && (a.To.IsZero() || !d.After(a.To))
}

// superiorPost is the post above the one that has these links on a day, 0 for none.
// Of links that hold at once the one that began last counts.
func superiorPost(links []PostLink, day Day) PostID {
	var best PostLink
	for _, l := range links {
		if l.holds(day) && (best.Superior == 0 || best.From.Before(l.From)) {
			best = l
		}
	}
	return best.Superior
}
