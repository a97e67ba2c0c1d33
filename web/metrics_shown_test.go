package web_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
)

const operations = "../docs/operations/"

// foreign are metrics that others export; operators have them anyway.
var foreign = regexp.MustCompile(`^(up|node_filesystem_\w+)$`)

type panel struct {
	Title, Description string
	Targets            []struct{ Expr string }
}

// dashboard is what operators import.
func dashboard(t *testing.T) []panel {
	t.Helper()
	data, err := os.ReadFile(operations + "grafana.json")
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		UID, Title string
		Panels     []panel
	}
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	if d.UID == "" || d.Title == "" || len(d.Panels) == 0 {
		t.Error("a dashboard without a name or panels")
	}
	return d.Panels
}

// alarm is one rule of the alarms' file.
type alarm map[string]string

// alarms reads the rules. The file keeps to a shape of one key and value a line,
// so that this needs no YAML.
func alarms(t *testing.T) []alarm {
	t.Helper()
	data, err := os.ReadFile(operations + "alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	var all []alarm
	line := regexp.MustCompile(`^ {6}(?:- | {2}| {4})(alert|expr|for|labels|annotations|summary|runbook):(?: '(.*)'| (.*))?$`)
	for n, l := range strings.Split(strings.TrimRight(string(data), "\n"), "\n") {
		switch {
		case strings.HasPrefix(l, "#"), l == "groups:", l == "  - name: ekinerja", l == "    rules:":
			continue
		case strings.HasPrefix(l, "      - alert: "):
			all = append(all, alarm{})
		}
		m := line.FindStringSubmatch(l)
		if m == nil || len(all) == 0 {
			t.Fatalf("line %d is not understood: %s", n+1, l)
		}
		all[len(all)-1][m[1]] = m[2] + m[3]
	}
	return all
}

var (
	selector  = regexp.MustCompile(`([a-zA-Z_:][\w:]*)\{([^}]*)\}`)
	matcher   = regexp.MustCompile(`(\w+)(=~|!~|!=|=)"([^"]*)"`)
	grouping  = regexp.MustCompile(`\b(by|without|on) \([^)]*\)`)
	duration  = regexp.MustCompile(`\[[^\]]*\]`)
	word      = regexp.MustCompile(`[a-zA-Z_:][\w:]*\b *\(?`)
	operators = regexp.MustCompile(`^(and|or|unless)$`)
)

// metricsIn are the metrics that an expression names.
func metricsIn(expr string) []string {
	expr = duration.ReplaceAllString(selector.ReplaceAllString(expr, "$1 "), " ")
	var names []string
	for _, w := range word.FindAllString(grouping.ReplaceAllString(expr, " "), -1) {
		if w = strings.TrimSpace(w); !strings.HasSuffix(w, "(") && !operators.MatchString(w) {
			names = append(names, w)
		}
	}
	return names
}

// missingIn is what an expression asks for that is not in the figures.
func missingIn(expr, body string) []string {
	var missing []string
	for _, name := range metricsIn(expr) {
		if !foreign.MatchString(name) && !regexp.MustCompile(`(?m)^`+name+`[ {]`).MatchString(body) {
			missing = append(missing, name)
		}
	}
	for _, s := range selector.FindAllStringSubmatch(expr, -1) {
		if foreign.MatchString(s[1]) {
			continue
		}
		for _, m := range matcher.FindAllStringSubmatch(s[2], -1) {
			for value := range strings.SplitSeq(m[3], "|") {
				series := `(?m)^` + s[1] + `\{[^}]*\b` + m[1] + `="` + value + `"`
				if value != "900[.]0" && !regexp.MustCompile(series).MatchString(body) {
					missing = append(missing, s[1]+"{"+m[1]+"="+value+"}")
				}
			}
		}
	}
	return missing
}

func TestOperatorsFilesNameWhatThereIs(t *testing.T) {
	t.Parallel()
	body, shown := scrape(t, figures()), ""
	for _, p := range dashboard(t) {
		if p.Title == "" || p.Description == "" || len(p.Targets) == 0 {
			t.Errorf("panel %q does not say what it shows", p.Title)
		}
		for _, target := range p.Targets {
			shown += target.Expr + "\n"
			for _, m := range missingIn(target.Expr, body) {
				t.Errorf("panel %q asks for %s", p.Title, m)
			}
		}
	}
	for _, a := range alarms(t) {
		shown += a["expr"] + "\n"
		for _, m := range missingIn(a["expr"], body) {
			t.Errorf("alarm %s asks for %s", a["alert"], m)
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (ekinerja_\w+)`).FindAllStringSubmatch(body, -1) {
		if !strings.Contains(shown, m[1]) {
			t.Errorf("nobody looks at %s", m[1])
		}
	}
}

func TestAlarmsTellWhatToDo(t *testing.T) {
	t.Parallel()
	all, seen := alarms(t), map[string]bool{}
	if len(all) < 10 {
		t.Errorf("only %d alarms were read", len(all))
	}
	severity := regexp.MustCompile(`^\{ severity: (page|ticket) \}$`)
	span := regexp.MustCompile(`^([0-9]+m)?$`)
	for _, a := range all {
		name := a["alert"]
		if !strings.HasPrefix(name, "Ekinerja") || seen[name] {
			t.Errorf("alarm %q: no name of its own", name)
		}
		seen[name] = true
		if a["expr"] == "" || !span.MatchString(a["for"]) || !severity.MatchString(a["labels"]) {
			t.Errorf("alarm %s: when it rings or how loud is not said", name)
		}
		if !strings.HasSuffix(a["summary"], ".") || !strings.HasSuffix(a["runbook"], ".") {
			t.Errorf("alarm %s: no sentence about what happens or what to do", name)
		}
		if strings.Contains(strings.ReplaceAll(a["summary"]+a["runbook"]+a["expr"], "''", ""), "'") {
			t.Errorf("alarm %s: a quote ends its text too soon", name)
		}
	}
}

// The check itself must find what is wrong.
func TestMissingIn(t *testing.T) {
	t.Parallel()
	body := scrape(t, figures())
	for expr, want := range map[string]string{
		`sum by (task) (rate(ekinerja_job_runs_total{result="done"}[5m]))`: "",
		`up{job="ekinerja"} == 0`:                                             "",
		`sum(rate(ekinerja_job_run_total[5m])) > 0`:                           "ekinerja_job_run_total",
		`ekinerja_turns_total{result="broken"}`:                               "ekinerja_turns_total{result=broken}",
		`ekinerja_sends_total{outcome=~"retry|unclean"}`:                      "ekinerja_sends_total{outcome=unclean}",
		`histogram_quantile(0.5, sum by (le) (ekinerja_turn_seconds_bucket))`: "",
		`ekinerja_turn_seconds_buckets and ekinerja_ready`:                    "ekinerja_turn_seconds_buckets",
	} {
		if got := strings.Join(missingIn(expr, body), " "); got != want {
			t.Errorf("%s: %q, want %q", expr, got, want)
		}
	}
}
