package conversations

import (
	"slices"
	"strconv"
	"strings"

	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// mostUsuals is how many proposals a message offers: with more, the question
// itself leaves the screen of a small phone.
const mostUsuals = 4

// UsualNote remembers that the minutes of an activity were proposed by us, so
// that the person sees which figures are not their own.
type UsualNote struct {
	Of      string `json:"of"` // the activity, by [roster.MatchKey]
	Minutes int    `json:"minutes,omitempty"`
	Agreed  bool   `json:"agreed,omitempty"` // the office's bank says so
}

// usualRows are the proposals as buttons, without what the draft has already.
// People without a history get none: their first reports are their own words.
func (s Speaker) usualRows(day roster.Day, all []roster.Usual, drafted []parse.Item) [][]Choice {
	if !slices.ContainsFunc(all, func(u roster.Usual) bool { return u.Own }) {
		return nil
	}
	var out []Choice
	labels := map[string]bool{}
	for _, u := range all {
		label := brief(u.Name)
		key := roster.MatchKey(u.Name)
		if len(out) == mostUsuals || key == "" || labels[label] ||
			slices.ContainsFunc(drafted, func(it parse.Item) bool { return roster.MatchKey(it.Description) == key }) {
			continue
		}
		labels[label] = true
		out = append(out, Choice{Label: label, Action: ActUsual, Args: Args{Day: day, Value: u.Name}})
	}
	return inPairs(out)
}

// brief is a description on a button of 20 characters, cut between words where
// enough of it remains.
func brief(name string) string {
	const most, least = 20, 14
	name = strings.Join(strings.Fields(name), " ")
	r := []rune(name)
	if len(r) <= most {
		return name
	}
	for end := most - 1; end >= least; end-- {
		if r[end] == ' ' {
			return strings.TrimRight(string(r[:end]), " ,;-") + "…"
		}
	}
	return Clip(name, most)
}

// usualButtons are the proposals for the session's day.
func (t *turn) usualButtons() ([][]Choice, error) {
	s := t.out.Session
	all, err := t.look.usuals(s.Day)
	if err != nil {
		return nil, err
	}
	return t.say.usualRows(s.Day, all, s.Items), nil
}

// withUsuals puts the proposals under a message that asks for activities; a
// forced reply and buttons do not go together.
func (t *turn) withUsuals(m Message) (Message, error) {
	rows, err := t.usualButtons()
	if err == nil && len(rows) > 0 {
		m.Buttons, m.Reply, m.Placeholder = rows, false, ""
		m = withHint(m, t.say)
	}
	return m, err
}

func withHint(m Message, s Speaker) Message {
	buttons := m.Buttons
	m.Buttons = nil
	m = Join(m, s.Say("boleh_menekan", nil))
	m.Buttons = buttons
	return m
}

// takeUsual adds a proposed activity to the draft. Its minutes are a proposal
// that the summary marks; its quantity is asked.
func (t *turn) takeUsual(name string) error {
	s := &t.out.Session
	all, err := t.look.usuals(s.Day)
	if err != nil {
		return err
	}
	key := roster.MatchKey(name)
	if s.itemOf(key) >= 0 || len(s.Items) >= parse.MaxItems {
		t.out.Toast = t.say.Text("sudah_di_draf", nil)
		return nil
	}
	u := roster.Usual{Name: name}
	if i := slices.IndexFunc(all, func(u roster.Usual) bool { return roster.MatchKey(u.Name) == key }); i >= 0 {
		u = all[i]
	}
	i, it := len(s.Items), parse.Item{Description: name, Unit: u.Unit, Minutes: u.Minutes, Source: name}
	if it.Unit == "kegiatan" { // the tap says that it was done: once
		it.Quantity = parse.Int(1)
	}
	s.Items = append(slices.Clip(s.Items), it)
	s.Origins = append(slices.Clip(s.Origins), "")
	s.Doubts = slices.Clip(s.Doubts)
	if !it.Quantity.Known() {
		s.Doubts = append(s.Doubts, parse.Doubt{Item: i, Field: parse.FieldQuantity, Reason: parse.Missing})
	}
	if u.Minutes == 0 {
		s.Doubts = append(s.Doubts, parse.Doubt{Item: i, Field: parse.FieldMinutes, Reason: parse.Missing})
	}
	s.note(UsualNote{Of: key, Minutes: u.Minutes, Agreed: u.Agreed})
	s.SaidAt = t.at()
	return t.advance()
}

func (s *Session) note(n UsualNote) {
	s.Usual = append(slices.DeleteFunc(slices.Clone(s.Usual), func(old UsualNote) bool { return old.Of == n.Of }), n)
}

func (s *Session) noteOf(it parse.Item) (UsualNote, bool) {
	key := roster.MatchKey(it.Description)
	i := slices.IndexFunc(s.Usual, func(n UsualNote) bool { return n.Of == key })
	if i < 0 {
		return UsualNote{}, false
	}
	return s.Usual[i], true
}

// usualMark says beside the minutes that they were proposed; what the person
// has said since is theirs and has no mark.
func (t *turn) usualMark(it parse.Item) string {
	n, ok := t.out.Session.noteOf(it)
	if !ok || n.Minutes == 0 || n.Minutes != it.Minutes || it.Start != "" {
		return ""
	}
	id := "menit_biasanya"
	if n.Agreed {
		id = "menit_baku"
	}
	return " " + t.say.Text(id, nil)
}

// questionAmounts is the question for the results of several proposed activities.
const questionAmounts = "amounts"

// pending are the proposed activities whose time is known and whose result is
// not, in the order of the draft.
func (s *Session) pending() []int {
	var out []int
	for i, it := range s.Items {
		if _, proposed := s.noteOf(it); proposed && it.Minutes > 0 && s.has(i, parse.FieldQuantity) && !it.Quantity.Known() {
			out = append(out, i)
		}
	}
	return out
}

// askUsual asks for the results of proposed activities, of several at once, and
// shows the minutes that they will count with. Being asked so does not make the
// other questions due: the person has only tapped. False when it is not about one.
func (t *turn) askUsual(d parse.Doubt) bool {
	s := &t.out.Session
	pending := s.pending()
	if d.Reason != parse.Missing || !slices.Contains(pending, d.Item) {
		return false
	}
	s.Stage, s.Item, s.Question, s.AskedAt = StageField, pending[0], "details", t.Now
	m := t.say.Say("tanya_hasil_biasa", t.usualData(s.Items[s.Item]))
	if len(pending) > 1 {
		s.Question = questionAmounts
		parts := []Message{t.say.Say("tanya_hasil_banyak", nil)}
		for n, i := range pending {
			parts = append(parts, prefixed(strconv.Itoa(n+1)+". ", t.say.Say("hasil_ke", t.usualData(s.Items[i]))))
		}
		m = Lines(append(parts, t.say.Say("tanya_hasil_banyak_cara", nil))...)
	}
	m.Reply, m.Placeholder = true, t.say.Text("contoh_hasil", nil)
	t.reply(m, About{Day: s.Day, Question: string(StageField), Item: s.Item})
	return true
}

func (t *turn) usualData(it parse.Item) Data {
	n, _ := t.out.Session.noteOf(it)
	return Data{
		"Kegiatan": Clip(it.Description, 120), "Menit": t.say.Int(it.Minutes), "Satuan": Clip(it.Unit, 30), "Baku": n.Agreed,
	}
}

// answerAmounts uses one number for each pending activity, in their order; false
// when the words are something else. "lewati" leaves all of them without.
func (t *turn) answerAmounts(text string, r parse.Reading) bool {
	s := &t.out.Session
	pending := s.pending()
	if s.Question != questionAmounts || len(pending) < 2 {
		return false
	}
	if r.Intent == parse.Skip {
		for _, i := range pending {
			s.settle(i, parse.FieldQuantity, parse.FieldUnit)
		}
		return true
	}
	amounts := amountsIn(text, len(pending))
	s.Items = slices.Clone(s.Items)
	for n, a := range amounts {
		it := &s.Items[pending[n]]
		it.Quantity = a.Quantity
		if a.Unit != "" {
			it.Unit = a.Unit
		}
		s.settle(pending[n], parse.FieldQuantity, parse.FieldUnit)
		if it.Unit == "" {
			s.Doubts = append(s.Doubts, parse.Doubt{
				Item: pending[n], Field: parse.FieldUnit, Reason: parse.NoUnit, Understood: a.Quantity.String(),
			})
		}
	}
	return len(amounts) > 0
}

// amountsIn reads exactly n amounts: separated, or each with its unit ("25
// berkas 1 kegiatan"); none when there is another number of them.
func amountsIn(text string, n int) []parse.Result {
	var out []parse.Result
	for _, part := range amountParts(text, n) {
		a, ok := parse.Quantity(part)
		if !ok || !a.Quantity.Known() {
			out = nil
			break
		}
		out = append(out, parse.Result{Quantity: a.Quantity, Unit: a.Unit})
	}
	if len(out) > 0 {
		return out
	}
	if a, ok := parse.Quantity(text); ok && a.Quantity.Known() && 1+len(a.More) == n {
		return append([]parse.Result{{Quantity: a.Quantity, Unit: a.Unit}}, a.More...)
	}
	return nil
}

// amountParts splits an answer into exactly n parts, by what people put between
// numbers; nil when it has another number of them. A comma inside a number is
// only a separator when nothing else makes n parts of it.
func amountParts(text string, n int) []string {
	for _, split := range []func(rune) bool{
		func(r rune) bool { return r == ';' || r == '\n' || r == '/' },
		func(r rune) bool { return r == ';' || r == '\n' || r == '/' || r == ',' },
		func(r rune) bool { return r == ';' || r == '\n' || r == '/' || r == ',' || r == ' ' },
	} {
		var parts []string
		for _, p := range strings.FieldsFunc(strings.ReplaceAll(text, " dan ", ";"), split) {
			if p = strings.TrimSpace(p); p != "" {
				parts = append(parts, p)
			}
		}
		if len(parts) == n {
			return parts
		}
	}
	return nil
}

// offerMinutes puts the usual minutes of a typed activity on a button under the
// question for its time: one tap instead of typing.
func (t *turn) offerMinutes(m *Message, d parse.Doubt) error {
	s := t.out.Session
	it := s.Items[d.Item]
	timeless := it.Minutes == 0 && (s.Question == "details" || parse.Field(s.Question) == parse.FieldMinutes)
	if d.Reason != parse.Missing || !timeless || it.Description == "" {
		return nil
	}
	all, err := t.look.usuals(s.Day)
	if err != nil {
		return err
	}
	u, ok := roster.UsualFor(it.Description, all)
	if !ok {
		return nil
	}
	value := strconv.Itoa(u.Minutes)
	if u.Agreed {
		value += " baku"
	}
	m.Reply, m.Placeholder = false, ""
	m.Buttons = [][]Choice{{{
		Label: t.say.Text("tombol_menit_biasa", Data{"Menit": t.say.Int(u.Minutes)}), Action: ActMinutes,
		Args: Args{Day: s.Day, Question: roster.MatchKey(it.Description), Value: value},
	}}}
	return nil
}

// takeMinutes gives an activity its usual minutes, unless it has got others.
func (t *turn) takeMinutes(a Args) error {
	s := &t.out.Session
	number, kind, _ := strings.Cut(a.Value, " ")
	minutes, ok := wholeNumber(number)
	i := s.itemOf(a.Question)
	if !ok || i < 0 || s.Items[i].Minutes > 0 {
		t.out.Toast = t.say.Text("toast_tidak_berlaku", nil)
		return nil
	}
	s.Items = slices.Clone(s.Items)
	s.Items[i].Minutes = int(minutes)
	s.settle(i, parse.FieldMinutes, parse.FieldTime)
	s.note(UsualNote{Of: a.Question, Minutes: int(minutes), Agreed: kind != ""})
	s.SaidAt = t.at()
	return t.advance()
}

// askMore asks for further activities.
func (t *turn) askMore() error {
	s := &t.out.Session
	s.Stage = StageAdd
	m, err := t.withUsuals(t.say.Say("tanya_tambah", nil))
	t.reply(m, About{Day: s.Day, Question: string(StageAdd)})
	return err
}
