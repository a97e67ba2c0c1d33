package store

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/google/go-cmp/cmp"

	"ekinerja/roster"
)

var updateScope = flag.Bool("update-scope", false, "write docs/scope.md from what is seen now; read the difference before committing it")

// document writes docs/scope.md, or compares it.
func (q *quarter) document(seen map[string]map[string]bool, asked, leaks int) {
	q.t.Helper()
	const file = "../docs/scope.md"
	old, err := os.ReadFile(file)
	if err != nil {
		q.t.Fatal(err)
	}
	const begin, end = "<!-- matrix -->\n", "<!-- /matrix -->\n"
	head, rest, ok := bytes.Cut(old, []byte(begin))
	_, tail, ok2 := bytes.Cut(rest, []byte(end))
	if !ok || !ok2 {
		q.t.Fatalf("%s has no place for the matrix", file)
	}
	got := string(head) + begin + q.matrix(seen, asked, leaks) + end + string(tail)
	if *updateScope {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			q.t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(old), got); diff != "" {
		q.t.Errorf("%s differs (-written +seen):\n%s", file, diff)
	}
}

// matrix is what each viewer saw of four people: somebody below, the Plh's staff,
// and strangers of the other office.
func (q *quarter) matrix(seen map[string]map[string]bool, asked, leaks int) string {
	var b strings.Builder
	_, _ = fmt.Fprintf(&b, "\n%d questions asked, %d leaks.\n\n| who looks | at whom | under", asked, leaks)
	for _, p := range q.probes() {
		_, _ = fmt.Fprintf(&b, " | %s", p.name)
	}
	b.WriteString(" |\n| --- | --- | ---")
	b.WriteString(strings.Repeat(" | :-:", len(q.probes())) + " |\n")
	for viewer := range strings.FieldsSeq("sri dian plh kabidA mantan kadisA sekda kabidB kadisB adminA adminB mantanAdminA sdm sdmA walikota pengelola") {
		for _, who := range []string{"sri", "tono"} {
			for i, day := range moments() {
				cells := seen[viewer+"/"+who+"/"+day.String()]
				_, _ = fmt.Fprintf(&b, "| %s | %s | %s", viewer, who, q.under(who, i))
				for _, p := range q.probes() {
					mark := "·"
					if cells[p.name] {
						mark = "●"
					}
					_, _ = fmt.Fprintf(&b, " | %s", mark)
				}
				b.WriteString(" |\n")
			}
		}
	}
	b.WriteString("\n")
	return b.String()
}

func (q *quarter) under(who string, i int) string {
	head := roster.NewLines(q.lines).SupervisorOn(q.id[who], moments()[i])
	for name, id := range q.id {
		if id == head {
			return name
		}
	}
	return "nobody"
}
