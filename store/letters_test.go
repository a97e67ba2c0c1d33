package store

import (
	"strings"
	"testing"

	"ekinerja/conversations"
)

// follows is what goes out to those who asked for a letter before it was here.
func (a *album) follows() (photo, document, words int) {
	a.t.Helper()
	for _, c := range a.claim() {
		switch {
		case !strings.HasPrefix(c.Key, "letter/") || !strings.Contains(c.Key, "/for/"):
		case c.Msg.Photo != nil:
			photo++
		case c.Msg.File != nil && c.Msg.FileName == "surat.pdf":
			document++
		case strings.Contains(c.Msg.Text, "tidak berhasil kami ambil"):
			words++
		default:
			a.t.Errorf("sent %+v", c.Msg)
		}
	}
	return photo, document, words
}

// TestLetterFollowsByItself: who asks for a letter that is still on its way gets it
// when it is here, once; or is told that it will not come.
func TestLetterFollowsByItself(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file                   []byte
		lost                   bool
		photo, document, words int
	}{
		"a picture":       {file: drawn(t, 3), photo: 1},
		"a document":      {file: []byte("%PDF-1.4\n%%EOF\n"), document: 1},
		"nothing to open": {file: []byte("neither"), words: 1},
		"nothing at all":  {file: drawn(t, 3), lost: true, words: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAlbum(t)
			a.out.Blobs = a.disk
			a.says(a.sri, "100", "saya sakit hari ini")
			a.sends(a.sri, "100", "f1", c.file)
			a.taps(a.boss, "300", "Lihat surat")
			a.taps(a.boss, "300", "Lihat surat")
			if p, d, w := a.follows(); p+d+w != 0 {
				t.Errorf("before the file is here: %d, %d, %d", p, d, w)
			}
			if c.lost {
				delete(a.files.have, "f1")
			}
			a.work()
			if p, d, w := a.follows(); p != c.photo || d != c.document || w != c.words {
				t.Errorf("afterwards %d pictures, %d documents, %d apologies", p, d, w)
			}
		})
	}
}

// TestLetterThatCameMeanwhile: the file is kept between reading that it is not and
// asking to wait for it.
func TestLetterThatCameMeanwhile(t *testing.T) {
	t.Parallel()
	a := newAlbum(t)
	a.out.Blobs = a.disk
	a.says(a.sri, "100", "saya sakit hari ini")
	a.sends(a.sri, "100", "f1", drawn(t, 3))
	a.work()
	say := conversations.Say{
		Key: "letter/1/for/2", Kind: conversations.KindReply, To: telegram("300"),
		Msg: conversations.Message{Text: "Surat", Kept: &conversations.Kept{
			Awaits: one[int64](a.stage, `SELECT inbox_id FROM evidence`), Name: "surat.pdf",
		}},
	}
	for range 2 {
		if err := enqueue(t.Context(), a.store.q(), a.clock.now(), []conversations.Say{say}); err != nil {
			t.Fatal(err)
		}
	}
	if p, d, w := a.follows(); p != 1 || d+w != 0 {
		t.Errorf("sent %d pictures, %d documents, %d apologies", p, d, w)
	}
}
