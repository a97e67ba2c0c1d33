package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ekinerja/store/storetest"
)

// command runs the program as a shell would and returns what it printed.
func command(t *testing.T, stdin string, args ...string) (out, errs string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, streams{in: strings.NewReader(stdin), out: &o, err: &e})
	return o.String(), e.String(), code
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestParseCommand(t *testing.T) {
	t.Parallel()
	out, _, code := command(t, `"Verifikasi berkas PBB; 25 berkas; 120 menit"`+"\n\n"+`"nihil"`+"\n", "parse")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != 0 || len(lines) != 2 {
		t.Fatalf("code %d, printed %q", code, out)
	}
	var got struct {
		Intent string `json:"intent"`
		Items  []struct {
			Description, Unit string
			Quantity          float64
			Minutes           int
		} `json:"items"`
		Ask []any `json:"ask"`
	}
	if err := json.Unmarshal([]byte(lines[0]), &got); err != nil {
		t.Fatal(err)
	}
	if got.Intent != "report" || len(got.Items) != 1 || got.Items[0].Quantity != 25 || got.Items[0].Minutes != 120 || got.Ask == nil {
		t.Fatalf("understood %+v", got)
	}
	if _, errs, code := command(t, "rapat\n", "parse"); code != 1 || !strings.Contains(errs, "line 1") {
		t.Fatalf("code %d for a line that is no JSON: %s", code, errs)
	}
}

const fewPeople = `nip;nama;jabatan;opd;unit;nip_atasan;hp
197910202005042009;Retno Wulandari;Kepala Badan;Bapenda;Pimpinan;;0812-2549-1007
197406031999041006;Bambang Setiawan;Kepala Bidang;Bapenda;Pajak;197910202005042009;0812-2157-1014
`

func TestRosterComesBackAsItWent(t *testing.T) {
	t.Parallel()
	db := "--database-url=" + storetest.New(t)
	file := write(t, "a.csv", fewPeople)
	out, _, code := command(t, "", "roster", "import", file, "--dry-run", db)
	if code != 0 || !strings.Contains(out, "in all: 2 added") {
		t.Fatalf("dry run: code %d, %s", code, out)
	}
	if out, _, code = command(t, "tidak\n", "roster", "import", file, db); code != 1 {
		t.Fatalf("imported without a yes: %s", out)
	}
	if out, _, code = command(t, "", "roster", "import", file, "--yes", db); code != 0 || !strings.Contains(out, "imported: 2 added") {
		t.Fatalf("import: code %d, %s", code, out)
	}
	back := filepath.Join(t.TempDir(), "b.xlsx")
	if out, errs, code := command(t, "", "roster", "export", back, db); code != 0 {
		t.Fatalf("export: %s %s", out, errs)
	}
	if out, _, code = command(t, "", "roster", "import", back, "--dry-run", db); code != 0 || !strings.Contains(out, "0 added, 0 changed (0 transfers), 2 unchanged") {
		t.Fatalf("the export reads differently: code %d, %s", code, out)
	}
}

func TestBadRowsStopAnImport(t *testing.T) {
	t.Parallel()
	db := "--database-url=" + storetest.New(t)
	file := write(t, "bad.csv", fewPeople+"197502301999031001;Tanggal Salah;Staf;Bapenda;Pajak;197406031999041006;0812-1\n")
	_, errs, code := command(t, "", "roster", "import", file, "--yes", db)
	if code != 1 || !strings.Contains(errs, "line 4") || !strings.Contains(errs, "nothing was imported") {
		t.Fatalf("code %d: %s", code, errs)
	}
	out, _, code := command(t, "", "roster", "import", file, "--yes", "--skip-bad", db)
	if code != 0 || !strings.Contains(out, "imported: 2 added") || !strings.Contains(out, "1 rows skipped") {
		t.Fatalf("skipping: code %d, %s", code, out)
	}
}

func TestInvitationSheet(t *testing.T) {
	t.Parallel()
	db := "--database-url=" + storetest.New(t)
	command(t, "", "roster", "import", write(t, "a.csv", fewPeople), "--yes", db)
	dir := t.TempDir()
	out, errs, code := command(t, "", "roster", "invite", "--bot=ekinerja_bot", "--out="+dir, db)
	if code != 0 || !strings.Contains(out, "2 invitations") {
		t.Fatalf("code %d: %s %s", code, out, errs)
	}
	sheet, err := os.ReadFile(filepath.Join(dir, "Bapenda.html"))
	if err != nil {
		t.Fatal(err)
	}
	if s := string(sheet); strings.Count(s, "data:image/png;base64,") != 2 || strings.Contains(s, "197910202005042009") {
		t.Error("the sheet needs a code a person, and no whole NIP")
	}
	one := t.TempDir()
	if out, _, code = command(t, "", "roster", "invite", "--bot=ekinerja_bot", "--number=197910202005042009", "--out="+one, db); code != 0 || !strings.Contains(out, "1 invitations") {
		t.Fatalf("one person: code %d, %s", code, out)
	}
	if out, _, code = command(t, "", "roster", "invite", "--bot=ekinerja_bot", "--group", "--opd=Bapenda", db); code != 0 || !strings.Contains(out, "?startgroup=") {
		t.Fatalf("group link: code %d, %s", code, out)
	}
}

func TestWrongConfigurationNamesItsKey(t *testing.T) {
	t.Parallel()
	policy := write(t, "p.toml", "[ask]\nbefore_end = \"lama\"\n")
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"zone":   {[]string{"serve", "--timezone=Solo"}, "EKINERJA_TIMEZONE is \"Solo\""},
		"token":  {[]string{"serve"}, "EKINERJA_TELEGRAM_TOKEN"},
		"mode":   {[]string{"serve", "--telegram-token=1:abc", "--telegram-mode=push"}, "accepted: poll or webhook"},
		"secret": {[]string{"serve", "--telegram-token=1:abc", "--telegram-mode=webhook"}, "EKINERJA_TELEGRAM_WEBHOOK_SECRET"},
		"policy": {[]string{"serve", "--policy=" + policy}, "before_end"},
		"listen": {[]string{"serve", "--listen=8080"}, "EKINERJA_LISTEN"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, errs, code := command(t, "", c.args...)
			if code != 2 || !strings.Contains(errs, c.want) {
				t.Fatalf("code %d: %s", code, errs)
			}
		})
	}
}

func TestSecretsComeFromFiles(t *testing.T) {
	t.Parallel()
	s := settings{config: config{
		TelegramTokenFile: write(t, "token", " 12:abcdef\n"), TelegramAPIURL: "https://api.telegram.org", TelegramMode: "poll",
	}}
	if err := s.checkTelegram(); err != nil || s.TelegramToken != "12:abcdef" {
		t.Fatalf("token %q, %v", s.TelegramToken, err)
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	real := start
	c := &clock{real: func() time.Time { return real }, base: start, at: start, speed: 60}
	real = real.Add(time.Second)
	if got := c.Now(); !got.Equal(start.Add(time.Minute)) {
		t.Fatalf("a second at 60× shows %s", got)
	}
	c.Set(start.Add(24 * time.Hour))
	c.SetSpeed(1)
	real = real.Add(time.Second)
	if got := c.Now(); !got.Equal(start.Add(24*time.Hour + time.Second)) {
		t.Fatalf("after a jump it shows %s", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Sleep(ctx, time.Hour); err == nil {
		t.Fatal("slept although the context had ended")
	}
}

// TestWeek plays the week of the demo's script: no promise may break, and the
// table must add up.
func TestWeek(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	set, err := config{Timezone: "Asia/Jakarta", City: "Pemkot Surakarta", Listen: "127.0.0.1:0"}.check()
	if err != nil {
		t.Fatal(err)
	}
	db := openTest(t)
	err = playWeek(t.Context(), set, db, mustMonday(t), weekOptions{json: true, log: testLog(t), io: streams{out: &out, err: &out}})
	if err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	var c closing
	if err := json.Unmarshal(out.Bytes(), &c); err != nil {
		t.Fatal(err)
	}
	if c.People != 40 || c.Answered != c.OnTime+c.Late || c.Asked < c.Answered+c.Missing-10 || len(c.Broken) != 0 {
		t.Fatalf("the table does not add up: %+v", c)
	}
	if c.OnTime < 100 || c.Late < 10 || c.Missing < 5 || c.Reminders < 20 || c.Escalations < 5 || c.MeanScore < 50 {
		t.Fatalf("the people of the seed behave otherwise than their habits: %+v", c)
	}
	if c.Messages == 0 || c.Messages > budget || c.Taps > budget {
		t.Fatalf("half of the reports may take %d messages and %d taps: %+v", budget, budget, c)
	}
	whyAgrees(t, db, set, mustMonday(t))
}

func TestScoreCheckNamesTheLine(t *testing.T) {
	t.Parallel()
	text, _, code := command(t, "", "score", "profile", "dki")
	if code != 0 {
		t.Fatal("the profile was not printed")
	}
	if out, errs, code := command(t, "", "score", "check", write(t, "dki.toml", text)); code != 0 || !strings.Contains(out, "dki 2026.1") {
		t.Errorf("a profile is refused (%d): %s%s", code, out, errs)
	}
	wrong := strings.Replace(text, "weight = 20", "weight = 30", 1)
	if _, errs, code := command(t, "", "score", "check", write(t, "dki.toml", wrong)); code != 2 || !strings.Contains(errs, "line 30: weights: they sum to 110") {
		t.Errorf("code %d: %s", code, errs)
	}
}
