package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/roster"
	"ekinerja/scoring"
	"ekinerja/store/db"
)

// Finding is an invariant that does not hold.
type Finding struct {
	ID    string `json:"id"` // "I1"
	Name  string `json:"name"`
	Count int64  `json:"count"`
	// Example is the id of one row: never a name, a number or words of a person.
	Example string `json:"example"`
}

// String reads "3 × messages wait … (I1, inbox 12)".
func (f Finding) String() string {
	return fmt.Sprintf("%d × %s (%s, %s)", f.Count, f.Name, f.ID, f.Example)
}

// Invariant is something that must hold at every moment, in words of what is
// found when it does not.
type Invariant struct{ ID, Name string }

// Invariants are what [Store.Verify] looks at. Where a promise speaks of
// something that this schema keeps in another way, its meaning here is:
//
//   - I2: every answer was taken from one message of that person, and every text
//     of a known person in the last week led to an answer or a reply of ours.
//   - I3: a conversation with a draft agrees with the stored draft about how many
//     activities there are: nobody is asked about a step that is not there.
//   - I4 also counts questions: one a person and day.
//   - I7: no period that was begun is unfinished after an hour, and everybody who
//     could be asked in the last week was asked before the deadline.
//   - I9: nobody has two live chats on a network, and who blocked us is on record.
//   - I13: what has a retention (buttons, refused enrolments) is gone after it,
//     with a week's grace. What [Jobs.ForgetRaw] empties is the policy's, unknown here.
//
// I8 (broadcasts add up) is not here: there is no table of broadcasts, each
// message stands for itself in the outbox. I15 to I19 are our own; I7 leaves out
// whom an outage kept from being asked, I19 says that every outage is given back
// within twelve hours and that no report is late which came before its deadline.
// I20 is about rows; [Store.VerifyBlobs] reads the bytes.
func Invariants() []Invariant {
	return []Invariant{
		{"I1", "messages wait for more than five minutes"},
		{"I2", "messages and answers do not match"},
		{"I3", "conversations disagree with their draft"},
		{"I4", "messages or questions were queued twice"},
		{"I5", "sends hang for more than a minute"},
		{"I6", "people were escalated although they had answered"},
		{"I7", "periods are unfinished, or people were not asked"},
		{"I9", "chats are wrong: two live ones, or a block without a record"},
		{"I10", "lines of command overlap or lead back to themselves"},
		{"I11", "scores do not follow from their inputs"},
		{"I12", "the record of changes is not as it was written"},
		{"I13", "things are kept longer than they may be"},
		{"I14", "messages went out more than twice"},
		{"I15", "messages could not be handled and are set aside"},
		{"I16", "reports were sent without activities"},
		{"I17", "sent reports lack a kept version"},
		{"I18", "reports or scores are not those on record"},
		{"I19", "outages were not given back"},
		{"I20", "evidence is not kept as it says, or waits without a reason"},
	}
}

// Verify looks for whatever must never be found in the database, at one moment
// of it, without changing or locking anything; an empty result is good. rubrics
// are all rules by which scores may have been made.
func (s *Store) Verify(ctx context.Context, now time.Time, rubrics []scoring.Rubric) ([]Finding, error) {
	var out []Finding
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, s.pool, options, func(tx pgx.Tx) (err error) {
		out, err = verify(ctx, db.New(tx), now, rubrics)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for broken promises: %w", err)
	}
	return out, nil
}

// noting takes what was found of an invariant: how many, and one of them.
type noting func(id string, n int64, example string)

func verify(ctx context.Context, q *db.Queries, now time.Time, rubrics []scoring.Rubric) ([]Finding, error) {
	found := map[string]Finding{}
	note := func(id string, n int64, example string) {
		f, known := found[id]
		if !known {
			f.Example = example
		}
		f.Count += n
		found[id] = f
	}
	rows, err := q.Verify(ctx, now)
	if err != nil {
		return nil, fmt.Errorf("ask for invariants: %w", err)
	}
	for _, r := range rows {
		note(r.ID, r.N, r.Example)
	}
	if err := verifyScores(ctx, q, rubrics, note); err != nil {
		return nil, err
	}
	if err := verifyChain(ctx, q, note); err != nil {
		return nil, err
	}
	var out []Finding
	for _, i := range Invariants() {
		if f, is := found[i.ID]; is {
			f.ID, f.Name = i.ID, i.Name
			out = append(out, f)
		}
	}
	return out, nil
}

// verifyChunk is how many rows are read at a time.
const verifyChunk = 2000

// verifyScores computes every score again and compares it with the record's digest.
func verifyScores(ctx context.Context, q *db.Queries, rubrics []scoring.Rubric, note noting) error {
	after := db.ScoresToVerifyParams{Most: verifyChunk, FirstDay: roster.MustDay("0001-01-01")}
	for {
		rows, err := q.ScoresToVerify(ctx, after)
		if err != nil {
			return fmt.Errorf("read scores: %w", err)
		}
		for _, r := range rows {
			name := fmt.Sprintf("score e%d %s %s", r.EmployeeID, r.Period, r.FirstDay)
			if !scoreFollows(r, rubrics) {
				note("I11", 1, name)
			}
			if sum := sha256.Sum256([]byte(r.Rubric + "\n" + r.Points + "\n" + string(r.Record))); r.Digest != hex.EncodeToString(sum[:]) {
				note("I18", 1, name)
			}
		}
		if len(rows) < verifyChunk {
			return nil
		}
		last := rows[len(rows)-1]
		after.EmployeeID, after.Period, after.FirstDay = last.EmployeeID, last.Period, last.FirstDay
	}
}

// scoreFollows reports that the record can be made again from its inputs by the
// rule that it names, and that the columns beside it say the same.
func scoreFollows(r db.ScoresToVerifyRow, rubrics []scoring.Rubric) bool {
	var rec scoring.Record
	if err := json.Unmarshal(r.Record, &rec); err != nil {
		return false
	}
	name, version, _ := strings.Cut(r.Rubric, "/")
	i := slices.IndexFunc(rubrics, func(x scoring.Rubric) bool { return x.Name == name && x.Version == version })
	if i < 0 || scoring.Verify(rec, rubrics[i]) != nil {
		return false
	}
	want := ""
	if !rec.Result.Empty {
		want = rec.Result.Score.String()
	}
	return r.Points == want
}

// verifyChain follows the record from its first line to its end.
func verifyChain(ctx context.Context, q *db.Queries, note noting) error {
	last, newest := db.LinkedLinesRow{Hash: genesis()}, time.Time{}
	for {
		rows, err := q.LinkedLines(ctx, last.Link, verifyChunk)
		if err != nil {
			return fmt.Errorf("read record: %w", err)
		}
		for _, r := range rows {
			if r.Link != last.Link+1 || !bytes.Equal(r.PrevHash, last.Hash) || !bytes.Equal(r.Hash, linkHash(r)) {
				note("I12", 1, "audit "+strconv.FormatInt(r.Seq, 10))
			}
			if r.At.After(newest) {
				newest = r.At
			}
			last = r
		}
		if len(rows) < verifyChunk {
			break
		}
	}
	head, err := q.ChainHead(ctx)
	if err != nil {
		return fmt.Errorf("read the record's end: %w", err)
	}
	if head.Link != last.Link || !bytes.Equal(head.Hash, last.Hash) {
		note("I12", 1, "audit_head")
	}
	left, err := q.LeftLoose(ctx, newest.Add(-sealPatience))
	if err != nil {
		return fmt.Errorf("read record: %w", err)
	}
	if left.N > 0 {
		note("I12", left.N, "audit "+strconv.FormatInt(left.First, 10))
	}
	return nil
}
