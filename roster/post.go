package roster

import "slices"

// PostID is our own key of a post.
type PostID int64

// Post is one chair in the organisation, whoever sits on it. Code is the
// office's own name of it, unique in the city. A zero Superior is the top, or a
// post of which only the holder's explicit supervisor is known.
type Post struct {
	ID         PostID
	Code, Name string
	OPD, Unit  string
	Superior   PostID
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
