package store

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"io"
	"log/slog"
	"testing"
	"time"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/blobs"
)

// files is a network that has files, until it has not.
type files struct {
	have map[string][]byte
	err  error
}

func (f *files) fetch(_ context.Context, id string) (io.ReadCloser, error) {
	if f.err != nil {
		return nil, f.err
	}
	data, ok := f.have[id]
	if !ok {
		return nil, bot.ErrNoFile
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

// full is a disk that may be full.
type full struct {
	blobs.Store
	err error
}

func (f *full) Put(ctx context.Context, h blobs.Hash, data []byte) error {
	if f.err != nil {
		return f.err
	}
	return f.Store.Put(ctx, h, data)
}

// album is a tale with a keeper.
type album struct {
	*tale
	files *files
	disk  *full
	keep  *Keeper
}

func newAlbum(t *testing.T) *album {
	t.Helper()
	a := &album{tale: newTale(t), files: &files{have: map[string][]byte{}}, disk: &full{Store: blobs.NewDisk(t.TempDir())}}
	h := a.turns.Handler.(*conversations.Handler)
	a.keep = &Keeper{
		Store: a.store, Blobs: a.disk, Fetch: a.files.fetch, Lost: h.LostEvidence,
		Log: slog.New(slog.DiscardHandler), Now: a.clock.now, Loc: wib(),
	}
	for _, hour := range []string{"05.30", "08.00", "15.45"} {
		a.at(mon, hour)
	}
	return a
}

// drawn is a picture of that many columns.
func drawn(t *testing.T, columns int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, columns, 4))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sends lets a person send a file.
func (a *album) sends(id roster.EmployeeID, chat, file string, data []byte) {
	a.t.Helper()
	a.files.have[file] = data
	m := a.text(chat, "")
	m.Kind, m.Attachments = bot.KindMedia, []bot.Attachment{{Kind: bot.Photo, FileID: file, Size: int64(len(data))}}
	a.receive(m)
	a.handle(keyOf(id))
	a.deliver()
}

// work lets the keeper do what is due.
func (a *album) work() {
	a.t.Helper()
	for more := true; more; {
		var err error
		if more, err = a.keep.Keep(a.t.Context()); err != nil {
			a.t.Fatal(err)
		}
	}
}

func (a *album) states() string {
	a.t.Helper()
	return one[string](a.stage, `SELECT coalesce(string_agg(state || ':' || reason, ' ' ORDER BY inbox_id), '') FROM evidence`)
}

func (a *album) seen(viewer, id roster.EmployeeID) []SeenEvidence {
	a.t.Helper()
	day := roster.MustDay(mon)
	out, err := a.store.EvidenceFor(a.t.Context(), viewer, id, day, day)
	if err != nil {
		a.t.Fatal(err)
	}
	return out
}

// TestEvidenceIsSeenByTheOwnLine: the person, who led the person on that day, and
// who stands above today; nobody else. The report is read by the same people.
func TestEvidenceIsSeenByTheOwnLine(t *testing.T) {
	t.Parallel()
	a := newAlbum(t)
	top := a.person("Pak Sekda", "400")
	a.exec(`INSERT INTO reporting_line VALUES ($1, $2, '2026-01-01', NULL)`, int64(a.boss), int64(top))
	former, earlier := a.person("Mantan Atasan", "500"), a.person("Atasan Lama", "600")
	a.exec(`UPDATE reporting_line SET valid_from = '2026-11-24' WHERE employee_id = $1`, int64(a.sri))
	a.exec(`INSERT INTO reporting_line VALUES ($1, $2, '2026-10-01', '2026-11-24'), ($1, $3, '2026-01-01', '2026-10-01')`,
		int64(a.sri), int64(former), int64(earlier))
	a.sends(a.sri, "100", "f1", drawn(t, 3))
	a.work()
	day := roster.MustDay(mon)
	for viewer, want := range map[roster.EmployeeID]bool{
		a.sri: true, former: true, a.boss: true, top: true, a.diam: false, earlier: false, 0: false,
	} {
		got, err := a.store.EvidenceFor(t.Context(), viewer, a.sri, day, day.Add(1))
		if err != nil || (len(got) == 1) != want {
			t.Errorf("viewer %d sees %d pieces, want any %v: %v", viewer, len(got), want, err)
		}
		if may, err := a.store.Records(day.Add(1), wib()).MayRead(t.Context(), viewer, a.sri, day); err != nil || may != want {
			t.Errorf("viewer %d may read %v, %v", viewer, may, err)
		}
	}
	if may, err := a.store.Records(day.Add(1), wib()).MayRead(t.Context(), former, a.sri, day.Add(1)); err != nil || may {
		t.Errorf("the former superior reads a day after: %v, %v", may, err)
	}
	a.exec(`UPDATE reporting_line SET valid_from = '2026-11-01' WHERE employee_id = $1 AND supervisor_id = $2`, int64(a.sri), int64(a.boss))
	got := a.seen(a.boss, a.sri)[0]
	if !got.Kept || got.MIME != "image/png" || got.Reused {
		t.Errorf("seen: %+v", got)
	}
	if data, err := blobs.Read(t.Context(), a.disk, blobs.Hash(got.Hash)); err != nil || int64(len(data)) != got.Size {
		t.Errorf("read %d bytes, %v", len(data), err)
	}
}

// TestReuseIsNotedForOthers: the same picture of another person is a question to
// ask; the same person on the same day just sent it twice.
func TestReuseIsNotedForOthers(t *testing.T) {
	t.Parallel()
	a := newAlbum(t)
	for _, file := range []string{"f1", "f2"} {
		a.sends(a.sri, "100", file, drawn(t, 3))
	}
	a.sends(a.diam, "200", "f3", drawn(t, 3))
	a.work()
	for _, s := range a.seen(a.boss, a.sri) {
		if s.Reused {
			t.Errorf("the first sender is asked: %+v", s)
		}
	}
	if s := a.seen(a.boss, a.diam); len(s) != 1 || !s[0].Reused {
		t.Errorf("the second is not: %+v", s)
	}
	if s := a.seen(a.diam, a.diam); len(s) != 1 || s[0].Reused {
		t.Errorf("it is said to the sender: %+v", s)
	}
	if n := one[int64](a.stage, `SELECT count(*) FROM blob`); n != 1 {
		t.Errorf("%d blobs of the same bytes", n)
	}
}

// TestNothingIsLostBetweenTwoSteps: whatever breaks off, and whoever dies, the
// piece is kept in the end, once.
func TestNothingIsLostBetweenTwoSteps(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		breaks func(a *album)
		reason string
	}{
		"the network is away": {func(a *album) { a.files.err = errors.New("no route") }, "awaited:network"},
		"the disk is full":    {func(a *album) { a.disk.err = errors.New("no space") }, "awaited:blobs"},
		"the keeper dies after its claim": {func(a *album) {
			a.exec(`UPDATE evidence SET tries = 1, not_before = $1`, a.clock.now().Add(keepLease))
		}, "awaited:"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAlbum(t)
			a.sends(a.sri, "100", "f1", drawn(t, 3))
			c.breaks(a)
			a.work()
			if got := a.states(); got != c.reason {
				t.Errorf("meanwhile %q, want %q", got, c.reason)
			}
			a.files.err, a.disk.err = nil, nil
			a.clock.advance(keepLease + time.Second)
			a.work()
			if got := a.states(); got != "kept:" {
				t.Errorf("in the end %q", got)
			}
			if f, err := a.store.VerifyBlobs(t.Context(), a.disk); err != nil || f.Count != 0 {
				t.Errorf("%v, %v", f, err)
			}
		})
	}
}

// TestLostEvidenceIsToldOnce: also when the network was away for a day.
func TestLostEvidenceIsToldOnce(t *testing.T) {
	t.Parallel()
	a := newAlbum(t)
	a.sends(a.sri, "100", "f1", []byte("no picture"))
	a.sends(a.diam, "200", "f2", drawn(t, 3))
	a.files.err = errors.New("no route")
	a.work()
	for range 30 {
		a.clock.advance(time.Hour)
		a.work()
	}
	if got := a.states(); got != "failed:fetch failed:fetch" {
		t.Errorf("states %q", got)
	}
	if n := one[int64](a.stage, `SELECT count(*) FROM outbox WHERE key LIKE 'evidence/%/lost'`); n != 2 {
		t.Errorf("told %d times, want each once", n)
	}
	if got := a.seen(a.boss, a.sri); len(got) != 0 {
		t.Errorf("what was lost is shown: %+v", got)
	}
}

// TestTakenBackEvidenceIsDeleted: the bytes too, unless somebody else's report
// has the same; a torn deletion is finished by the next sweep.
func TestTakenBackEvidenceIsDeleted(t *testing.T) {
	t.Parallel()
	a := newAlbum(t)
	a.sends(a.sri, "100", "f1", drawn(t, 3))
	a.taps(a.sri, "100", "Hapus bukti")
	a.work()
	a.sends(a.sri, "100", "f2", drawn(t, 5))
	a.sends(a.diam, "200", "f3", drawn(t, 5))
	a.work()
	a.taps(a.sri, "100", "Hapus bukti")
	a.clock.advance(2 * unusedFor)
	if n, err := a.keep.Sweep(t.Context()); err != nil || n != 0 {
		t.Errorf("swept %d, %v: another report refers to it", n, err)
	}
	a.taps(a.diam, "200", "Hapus bukti")
	hash := one[[]byte](a.stage, `SELECT hash FROM blob`)
	a.exec(`UPDATE blob SET state = 'going'`) // another keeper died here
	if n, err := a.keep.Sweep(t.Context()); err != nil || n != 1 {
		t.Errorf("swept %d, %v", n, err)
	}
	if _, err := blobs.Read(t.Context(), a.disk, blobs.Hash(hash)); !errors.Is(err, blobs.ErrMissing) {
		t.Errorf("the bytes are still there: %v", err)
	}
	if n := one[int64](a.stage, `SELECT count(*) FROM blob`); n != 0 {
		t.Errorf("%d blobs on record", n)
	}
}

// TestBlobThatIsGoingIsWaitedFor: who is sent the same file while it is deleted
// keeps it afterwards.
func TestBlobThatIsGoingIsWaitedFor(t *testing.T) {
	t.Parallel()
	a := newAlbum(t)
	a.sends(a.sri, "100", "f1", drawn(t, 3))
	c, err := blobs.Clean(drawn(t, 3))
	if err != nil {
		t.Fatal(err)
	}
	a.exec(`INSERT INTO blob (hash, size, mime, state, made_at) VALUES ($1, 1, 'image/png', 'going', $2)`, c.Hash[:], a.clock.now())
	a.work()
	if got := a.states(); got != "awaited:blobs" {
		t.Errorf("meanwhile %q", got)
	}
	a.clock.advance(2 * unusedFor)
	if n, err := a.keep.Sweep(t.Context()); err != nil || n != 1 {
		t.Errorf("swept %d, %v", n, err)
	}
	a.work()
	if got := a.states(); got != "kept:" {
		t.Errorf("in the end %q", got)
	}
	a.exec(`UPDATE blob SET size = 1`)
	if f, err := a.store.VerifyBlobs(t.Context(), a.disk); err != nil || f.Count != 1 {
		t.Errorf("a wrong size is not found: %v, %v", f, err)
	}
}
