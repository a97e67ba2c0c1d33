// Command rules reads files of alarms as Prometheus does and says what is wrong
// with them, with the parser that `promtool check rules` has. It also parses the
// expressions of dashboards (.json), in which Grafana's variables stand for a span.
//
//	go -C tools/rules run . FILE…
//
// It is a module of its own: what Prometheus needs must decide neither what the
// service runs nor what checks its code.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

func main() {
	wrong := 0
	for _, name := range os.Args[1:] {
		n, errs := check(name)
		for _, err := range errs {
			wrong++
			fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		}
		fmt.Printf("%s: %d expressions, %d wrong\n", name, n, len(errs))
	}
	if wrong > 0 || len(os.Args) < 2 {
		os.Exit(1)
	}
}

// check is how many expressions a file has, and what is wrong with it.
func check(name string) (int, []error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return 0, []error{err}
	}
	if strings.HasSuffix(name, ".json") {
		return panels(data)
	}
	groups, errs := rulefmt.Parse(data, false)
	n := 0
	if groups != nil {
		for _, g := range groups.Groups {
			n += len(g.Rules)
		}
	}
	return n, errs
}

func panels(data []byte) (n int, errs []error) {
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(data, &board); err != nil {
		return 0, []error{err}
	}
	for _, p := range board.Panels {
		for _, t := range p.Targets {
			n++
			if _, err := parser.ParseExpr(strings.ReplaceAll(t.Expr, "$__rate_interval", "1m")); err != nil {
				errs = append(errs, fmt.Errorf("panel %q: %w", p.Title, err))
			}
		}
	}
	return n, errs
}
